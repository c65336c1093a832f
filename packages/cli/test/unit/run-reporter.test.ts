import { u64 } from "@weir/bytecode/layout";
import type { MapContents } from "@weir/engine/development";
import { describe, expect, test } from "vitest";
import { runReporter } from "../../src/reporters/run-reporter.ts";
import { FakeOutput, fakeSession } from "./fake-session.ts";

const program = { name: "count", id: 7, place: "eth0 (drv)", fallback: undefined };
const attached = { event: "attached", milliseconds: 40, programs: [program] } as const;
const seen = (packets: bigint): MapContents => ({
  kind: "variables",
  name: ".bss",
  variables: [{ name: "packets", layout: u64, value: packets }],
});
const maps = (packets: bigint) =>
  ({ event: "maps", maps: [seen(packets)], texts: new Map([["tasks", "1 init\n"]]) }) as const;
const printed = (text: string) => ({ event: "trace", lines: [{ cpu: 1, task: "node", text }] }) as const;
const refused = { event: "refused", message: "the kernel rejected it\n  the version before runs on" } as const;

describe("what runs, in a terminal", () => {
  const open = () => {
    const output = new FakeOutput({ isTTY: true, columns: 60, rows: 10 });
    return { output, session: fakeSession({ output, environment: { NO_COLOR: "1" } }) };
  };

  test("is redrawn in the window, and left behind as ordinary text", async () => {
    const { output, session } = open();
    const reporter = runReporter(session, false);
    await reporter.begin();
    for (const event of [attached, maps(1n), printed("hello"), maps(2n)]) await reporter.show(event);
    await reporter.end();
    const [before, ...frames] = output.text.split("\x1b[H");
    expect(before).toContain("\x1b[?1049h");
    expect(frames).toHaveLength(4);
    expect(frames[3]).toMatch(
      /^count \(id 7\) runs on eth0 \(drv\).*\n.*\npackets = 2.*\n.*\ntasks.*\n1 init.*\n.*\ncpu 1: hello.*\nCtrl-C ends/,
    );
    const left = output.text.split("\x1b[?1049l")[1] ?? "";
    expect(left).toContain("packets = 2\n");
    expect(left).not.toContain("\x1b");
  });

  test("shows what was refused until the next version runs, and the last of what was printed", async () => {
    const { output, session } = open();
    const reporter = runReporter(session, false);
    await reporter.begin();
    await reporter.show(attached);
    await reporter.show(refused);
    for (let line = 0; line < 20; line++) await reporter.show(printed(`line ${line}`));
    const frame = () => output.text.split("\x1b[H").at(-1) ?? "";
    expect(frame()).toContain("the version before runs on");
    expect(frame()).toContain("line 19");
    expect(frame()).not.toContain("line 9\x1b");
    await reporter.show({ event: "replaced", milliseconds: 44.4, kept: ["A"], fresh: [] });
    expect(frame()).not.toContain("the version before runs on");
    expect(frame()).toContain("replaced, compiled in 44 ms");
  });

  test("what programs print cannot steer the terminal", async () => {
    const { output, session } = open();
    const reporter = runReporter(session, false);
    await reporter.show(printed("\x1b]0;title\x07"));
    expect(output.text).not.toContain("\x1b]0");
  });
});

describe("what runs, as JSON", () => {
  test("has an object for each line that is printed and each record, and exact numbers", async () => {
    const session = fakeSession();
    const reporter = runReporter(session, true);
    await reporter.show(printed("hello"));
    await reporter.show({ event: "records", records: [{ map: "EVENTS", bytes: Uint8Array.of(1, 2) }] });
    await reporter.show(maps(2n ** 63n));
    expect(session.output.text).toContain('"packets":9223372036854775808');
    const objects = session.output.text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(objects).toMatchObject([
      { event: "trace", cpu: 1, task: "node", text: "hello" },
      { event: "record", map: "EVENTS", bytes: [1, 2] },
      { event: "maps", texts: { tasks: "1 init\n" } },
    ]);
  });
});
