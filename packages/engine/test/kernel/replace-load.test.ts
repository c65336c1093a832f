/** Replacements while packets come: each of them is counted once. */
import { join } from "node:path";
import { requireRoot } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { type AttachOptions, attach, check, detach, stats, status } from "../../src/index.ts";
import { outputOf } from "./engine-process.ts";
import { type WatchedVeth, watchedVeth } from "./watched-veth.ts";

const GENERATOR = join(import.meta.dirname, "../measured/load-generator.ts");
const FLOWS = 1024;

/** Under emulation everything takes longer: fewer rounds show the same there. */
const SHARE = Number(process.env.WEIR_TEST_SHARE ?? 1);

interface Load {
  readonly seconds: number;
  /** Frames a second. */
  readonly rate: number;
}

/** Sends from another process, and acts, over and over, until all is sent. Gives how often it acted, and how much was sent. */
async function underLoad(veth: WatchedVeth, { seconds, rate }: Load, act: (round: number) => void, pause: number) {
  const words = ["--conditions=source", GENERATOR, "veth0", String(FLOWS), String(seconds), String(rate)];
  const child = veth.sender.spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  const output = outputOf(child);
  let sent: number | undefined;
  void output.then((text) => {
    sent = Number(text.trim().split(" ")[1]);
  });
  let rounds = 0;
  while (sent === undefined) {
    act(rounds++);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return { rounds, sent };
}

/** What the driver has handed to programs, by its own count. */
function received(veth: WatchedVeth): bigint {
  const text = veth.receiver.run("ethtool", ["-S", veth.name]);
  return [...text.matchAll(/rx_queue_\d+_xdp_packets: (\d+)/g)].reduce(
    (sum, [, packets = ""]) => sum + BigInt(packets),
    0n,
  );
}

function expectAllCounted(veth: WatchedVeth, sent: number): void {
  const { counters, connections, tracked, connectionTotals } = veth.inside(() => stats(veth.name));
  // ARP may have come, too; nothing else does.
  expect(counters.frames).toBe(received(veth));
  expect(counters.frames - counters.arp).toBe(BigInt(sent));
  expect(counters.udp).toBe(BigInt(sent));
  expect(connectionTotals.packets).toBe(BigInt(sent));
  expect(connections.reduce((sum, { packets }) => sum + packets, 0n)).toBe(BigInt(sent));
  expect(tracked).toBe(FLOWS);
  expect(veth.inside(() => check(veth.name))).toMatchObject({ holds: true, exact: true });
}

describe.skipIf(requireRoot())("each packet is counted once", () => {
  const [seconds, rate] = [Math.max(35 * SHARE, 4), SHARE === 1 ? 60_000 : 1000];

  test.each([
    ["100 replacements of a link's program", "link", seconds, 50],
    ["replacements of a program that netlink attached", "netlink", seconds / 5, 50],
  ] as const)(
    "over %s",
    async (_, by, duration, pause) => {
      using veth = watchedVeth();
      veth.inside(() => attach(veth.name, { mode: "drv", idle: 0, by }));
      const ids = new Set<number>();
      const replace = (round: number): void => {
        const options: AttachOptions = { replace: true, idle: round % 2 === 0 ? 600 : 0 };
        ids.add(veth.inside(() => attach(veth.name, options)).programId);
      };
      const { rounds, sent } = await underLoad(veth, { seconds: duration, rate }, replace, pause);
      expect(ids.size).toBe(rounds);
      expectAllCounted(veth, sent);
      if (by === "link" && SHARE === 1) {
        expect(rounds).toBeGreaterThanOrEqual(100);
        expect(sent).toBeGreaterThanOrEqual(2_000_000);
      }
      expect(veth.inside(status).attached).toMatchObject([{ by, programId: [...ids].at(-1) }]);
      veth.inside(() => detach(veth.name));
    },
    300_000,
  );

  test("over migrations to tables of other sizes", async () => {
    using veth = watchedVeth();
    veth.inside(() => attach(veth.name, { mode: "drv", idle: 0, connections: 2000 }));
    const migrate = (round: number): void => {
      veth.inside(() => attach(veth.name, { migrate: true, connections: 2001 + round }));
    };
    const { rounds, sent } = await underLoad(veth, { seconds: seconds / 5, rate }, migrate, 200);
    expect(rounds).toBeGreaterThan(3);
    expectAllCounted(veth, sent);
    expect(veth.inside(() => stats(veth.name)).capacity).toBe(2000 + rounds);
    veth.inside(() => detach(veth.name));
  }, 300_000);
});
