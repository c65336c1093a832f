/** Replacements while packets come: each of them is counted once. */
import { requireRoot } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { type AttachOptions, attach, check, detach, stats, status } from "../../src/index.ts";
import { underLoad } from "./under-load.ts";
import { type WatchedVeth, watchedVeth } from "./watched-veth.ts";

const FLOWS = 1024;

/** Under emulation everything takes longer: fewer rounds show the same there. */
const SHARE = Number(process.env.WEIR_TEST_SHARE ?? 1);

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
      const { rounds, sent } = await underLoad(veth, { flows: FLOWS, seconds: duration, rate }, replace, pause);
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
    const { rounds, sent } = await underLoad(veth, { flows: FLOWS, seconds: seconds / 5, rate }, migrate, 200);
    expect(rounds).toBeGreaterThan(3);
    expectAllCounted(veth, sent);
    expect(veth.inside(() => stats(veth.name)).capacity).toBe(2000 + rounds);
    veth.inside(() => detach(veth.name));
  }, 300_000);
});
