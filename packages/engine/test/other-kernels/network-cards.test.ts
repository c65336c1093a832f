import { release } from "node:os";
import { inNetworkNamespace } from "@weir/kernel";
import { hasNetworkCard, type NetworkCardName, type PluggedCard, plugCard } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { detect, type Snapshot, watch } from "../../src/index.ts";

/** Whether each card's driver has native XDP in the kernels that are tested. vmxnet3 has since Linux 6.6. */
const NATIVE: Partial<Record<NetworkCardName, boolean>> = {
  virtio: true,
  virtioQueues: true,
  vmxnet3: !release().startsWith("6.1."),
  e1000e: false,
  igb: true,
};
const CARDS = Object.entries(NATIVE).map(([card, native]) => ({
  // The keys of NATIVE.
  card: card as NetworkCardName,
  native: native ?? false,
}));
const SOCKETS = 8;
const DATAGRAMS = 20;

/** Milliseconds: an emulated card takes its time. */
const PATIENCE = { timeout: 60_000, interval: 100 };

const inside = <Result>({ namespace }: PluggedCard, act: () => Result): Result =>
  inNetworkNamespace(namespace.path, act);

describe.each(CARDS)("on $card", ({ card, native }) => {
  const missing = hasNetworkCard(card) ? "" : ` (left out: this QEMU has no ${card})`;

  test.skipIf(missing !== "")(
    `every packet is counted, ${native ? "in the driver" : "outside the driver"} and in mode skb, as detect says${missing}`,
    async () => {
      using plugged = await plugCard(card);
      for (const mode of ["auto", "skb"] as const) {
        using monitor = inside(plugged, () => watch(plugged.name, { mode }));
        plugged.send(DATAGRAMS, SOCKETS);
        await expect.poll(() => monitor.snapshot()[0]?.counters.frames, PATIENCE).toBe(BigInt(SOCKETS * DATAGRAMS));
        const [snapshot] = monitor.snapshot();
        expect(snapshot).toMatchObject({
          mode: mode === "auto" && native ? "drv" : "skb",
          attached: true,
          counters: { udp: BigInt(SOCKETS * DATAGRAMS) },
          identity: { holds: true, exact: true },
        });
        expect(packetsOfConnections(snapshot)).toEqual(Array.from({ length: SOCKETS }, () => BigInt(DATAGRAMS)));
      }
      const [detected] = inside(plugged, () => detect([plugged.name], { try: true })).interfaces;
      expect(detected).toMatchObject({
        xdp: { native: { answer: native ? "yes" : "no" } },
        recommendation: { monitor: { mode: native ? "drv" : "skb" } },
      });
      const outcomes = detected?.trials?.map(({ mode, frags, outcome }) => [frags ? `${mode} frags` : mode, outcome]);
      expect(Object.fromEntries(outcomes ?? [])).toMatchObject({
        drv: native ? "attached" : "refused",
        skb: "attached",
        hw: "refused",
      });
      const attach = () => inside(plugged, () => watch(plugged.name, { mode: "drv" })[Symbol.dispose]());
      if (native) attach();
      else expect(attach).toThrow(expect.objectContaining({ code: "WEIR_MODE" }));
    },
  );
});

test("a card with several queues counts what comes in on each", async () => {
  using plugged = await plugCard("virtioQueues");
  using monitor = inside(plugged, () => watch(plugged.name, { mode: "drv" }));
  // Not before: the driver uses more queues while it has a program.
  const before = packetsOfQueues(plugged);
  plugged.send(4, 32);
  await expect.poll(() => monitor.snapshot()[0]?.counters.frames, PATIENCE).toBe(128n);
  const grown = packetsOfQueues(plugged).map((count, queue) => count - (before[queue] ?? 0));
  expect(grown.filter((count) => count > 0).length).toBeGreaterThan(1);
  expect(grown.reduce((sum, count) => sum + count, 0)).toBe(128);
});

/** What XDP saw on each queue, as virtio_net counts: `rx_queue_0_xdp_packets` on older kernels, `rx0_xdp_packets` on newer ones. */
function packetsOfQueues({ namespace, name }: PluggedCard): number[] {
  const statistics = namespace.run("ethtool", ["-S", name]);
  return [...statistics.matchAll(/rx_?(?:queue_)?\d+_xdp_packets: (\d+)/g)].map(([, count]) => Number(count));
}

function packetsOfConnections(snapshot: Snapshot | undefined): bigint[] {
  return snapshot?.connections.map(({ packets }) => packets) ?? [];
}
