import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { u32, u64 } from "@weir/bytecode/layout";
import { loadForTest, type ObjectUnderTest } from "@weir/testing";
import { describe, expect, test } from "vitest";
import { Session, Tick } from "../fixtures/timer-records.ts";

const FILE = fileURLToPath(new URL("../fixtures/timers.bpf.ts", import.meta.url));
const frame = (length: number) => new Uint8Array(length).fill(1);

/** In the machine time passes by hand. */
async function pass(object: ObjectUnderTest, milliseconds: number): Promise<void> {
  if (object.runsIn === "machine") object.machine.advance(BigInt(milliseconds) * 1_000_000n);
  else await setTimeout(milliseconds);
}

describe("timers of entries", () => {
  test("an entry that nothing touches for a time takes itself out", async () => {
    using object = await loadForTest(FILE);
    const track = object.program("track");
    const sessions = object.hashMap("SESSIONS", { key: u32, value: Session });
    for (const length of [60, 60, 70, 60]) expect(track.run(frame(length)).verdict).toBe("pass");

    // What is the kernel's own is not seen.
    expect(sessions.get(60)).toEqual({ packets: 3n, restarts: 3 });
    expect(sessions.get(70)).toEqual({ packets: 1n, restarts: 1 });
    await pass(object, 200);
    expect([...sessions.entries()]).toEqual([]);
    expect(object.variable("expired", u64)).toBe(4n);

    track.run(frame(60));
    expect(sessions.get(60)).toEqual({ packets: 1n, restarts: 1 });
  });

  test("one that starts itself again goes on until it is stopped", async () => {
    using object = await loadForTest(FILE);
    const ticks = () => object.arrayMap("TICKS", Tick).get(1)?.ticks ?? 0n;
    expect(object.program("tick").run(frame(60)).verdict).toBe("pass");
    expect(object.program("tick").run(frame(60)).verdict).toBe("drop");
    await pass(object, 100);
    expect(ticks()).toBeGreaterThanOrEqual(3n);

    expect(object.program("stop").run(frame(60)).verdict).toBe("pass");
    expect(object.program("stop").run(frame(60)).verdict).toBe("drop");
    const stopped = ticks();
    await pass(object, 50);
    expect(ticks()).toBe(stopped);
  });

  test("one without a function cannot be started", async () => {
    using object = await loadForTest(FILE);
    expect(object.program("start_nothing").run(frame(60)).verdict).toBe("pass");
  });
});

test("in the machine they fire exactly when their time comes", async () => {
  using object = await loadForTest(FILE, { in: "machine" });
  object.program("tick").run(frame(60));
  object.machine.advance(9_999_999n);
  expect(object.arrayMap("TICKS", Tick).get(1)).toEqual({ ticks: 0n });
  object.machine.advance(1n);
  expect(object.arrayMap("TICKS", Tick).get(1)).toEqual({ ticks: 1n });
  object.machine.advance(90_000_000n);
  expect(object.arrayMap("TICKS", Tick).get(1)).toEqual({ ticks: 10n });
});
