import { expect, test } from "vitest";
import { channels } from "../../../src/netlink/ethtool/channels.ts";
import { deviceFeatures } from "../../../src/netlink/ethtool/device-features.ts";
import { linkState } from "../../../src/netlink/ethtool/link-state.ts";
import { rings } from "../../../src/netlink/ethtool/rings.ts";
import { decodeMessages } from "../../../src/netlink/message.ts";
import { decodeInterface, findInterface, interfaces } from "../../../src/netlink/network-interface.ts";
import { allXdpCapabilities, xdpCapabilities } from "../../../src/netlink/xdp-features.ts";
import { RECORDED_DATAGRAMS, recordedKernel } from "../../fixtures/netlink/recorded-kernel.ts";

const VETH0 = 10;
const RTM_NEWLINK = 16;

test("a veth is told with its other end, its names and its limits", () => {
  using _kernel = recordedKernel();
  const found = findInterface("veth0");
  expect(found).toEqual({
    index: VETH0,
    name: "veth0",
    alternativeNames: ["a-name-that-is-longer-than-fifteen-bytes", "veth-second"],
    hardwareAddress: "02:00:5e:10:00:01",
    permanentAddress: undefined,
    mtu: 1400,
    smallestMtu: 68,
    largestMtu: 65535,
    up: true,
    carrier: true,
    operationalState: "up",
    kind: "veth",
    master: undefined,
    lower: undefined,
    peer: { index: 11, namespace: undefined },
    vlanId: undefined,
    receiveQueues: 3,
    transmitQueues: 2,
    parent: undefined,
    linkType: 1,
    ethernet: true,
    xdp: [],
  });
  expect(findInterface("a-name-that-is-longer-than-fifteen-bytes")).toEqual(found);
});

test("a dump has all interfaces, and who stands on whom", () => {
  using _kernel = recordedKernel();
  const byName = new Map(interfaces().map((found) => [found.name, found]));
  expect([...byName.keys()].sort()).toEqual(["bridge0", "lo", "macvlan0", "tap0", "veth0", "veth1"]);
  expect(byName.get("veth1")).toMatchObject({ master: 12, peer: { index: VETH0, namespace: undefined } });
  expect(byName.get("bridge0")).toMatchObject({ kind: "bridge", up: false, master: undefined, lower: undefined });
  expect(byName.get("macvlan0")).toMatchObject({ kind: "macvlan", peer: undefined, lower: { index: VETH0 } });
  expect(byName.get("tap0")).toMatchObject({ kind: "tun", ethernet: true, largestMtu: 65521 });
  expect(byName.get("lo")).toMatchObject({ kind: undefined, largestMtu: undefined, operationalState: "unknown" });
});

test("an interface that is not there is an error that names the others", () => {
  using _kernel = recordedKernel();
  expect(() => findInterface("absent")).toThrow(/There is no interface named "absent". There are: .*veth0/);
  expect(() => xdpCapabilities(4711)).toThrow("NETDEV_CMD_DEV_GET on interface with index 4711 failed: ENODEV");
});

test("XDP features are told of one interface and of all", () => {
  using _kernel = recordedKernel();
  const veth = xdpCapabilities(VETH0);
  expect(veth).toEqual({
    index: VETH0,
    features: new Set(["basic", "redirect", "rx-sg"]),
    zeroCopySegments: undefined,
    metadata: new Set(["timestamp", "hash", "vlan-tag"]),
    socketFeatures: new Set(),
  });
  const all = allXdpCapabilities();
  expect(all?.length).toBe(6);
  expect(all?.find(({ index }) => index === VETH0)).toEqual(veth);
});

test("ethtool's family tells offloads and channels, and a question that the driver does not know is no error", () => {
  using _kernel = recordedKernel();
  const features = deviceFeatures(VETH0);
  expect(features?.active.has("tx-checksum-ip-generic")).toBe(true);
  expect(features?.active.has("rx-gro")).toBe(false);
  expect(features?.changeable.has("rx-gro")).toBe(true);
  expect(features?.changeable.has("rx-lro")).toBe(false);
  expect(channels(VETH0)).toEqual({
    receive: { count: 3, largest: 3 },
    transmit: { count: 2, largest: 2 },
    combined: undefined,
    other: undefined,
  });
  expect(rings(VETH0)).toBeUndefined();
  expect(linkState(VETH0)).toEqual({ detected: true, speed: 10_000, duplex: "full" });
});

test("a datagram that was cut anywhere gives whole messages or none", () => {
  for (const datagram of RECORDED_DATAGRAMS) {
    const whole = [...decodeMessages(datagram)].map(({ payload }) => payload);
    for (let length = 0; length < datagram.length; length += 1) {
      const payloads = [...decodeMessages(datagram.subarray(0, length))].map(({ payload }) => payload);
      expect(payloads.length).toBeLessThan(whole.length);
      expect(payloads).toEqual(whole.slice(0, payloads.length));
    }
  }
});

test("a message about an interface that was cut anywhere is refused, or says less", () => {
  const messages = RECORDED_DATAGRAMS.flatMap((datagram) => [...decodeMessages(datagram)]);
  const veth = messages.find((message) => message.type === RTM_NEWLINK && decodeInterface(message).index === VETH0);
  if (veth === undefined) throw new Error("veth0 was not recorded");
  const whole = decodeInterface(veth);
  for (let length = 0; length < veth.payload.length; length += 1) {
    const cut = { ...veth, payload: veth.payload.subarray(0, length) };
    if (length < 16) {
      expect(() => decodeInterface(cut)).toThrow("netlink message RTM_NEWLINK failed: EBADMSG");
      continue;
    }
    const { index, name, mtu } = decodeInterface(cut);
    expect(index).toBe(VETH0);
    expect(["", whole.name]).toContain(name);
    expect([0, whole.mtu]).toContain(mtu);
  }
});

test("random damage never ends in anything but an answer or an error of weir's", () => {
  let seed = 1;
  const random = (below: number) => {
    seed = (seed * 48_271) % 0x7fff_ffff;
    return seed % below;
  };
  const HEADER = 16; // left whole: without its sequence number an answer is for nobody
  for (let round = 0; round < 300; round += 1) {
    using _kernel = recordedKernel((datagram) => {
      const damaged = datagram.slice();
      for (let hit = 0; hit < 3; hit += 1) damaged[HEADER + random(damaged.length - HEADER)] = random(256);
      return damaged;
    });
    for (const ask of [() => findInterface("veth0"), () => deviceFeatures(VETH0), () => xdpCapabilities(VETH0)]) {
      try {
        ask();
      } catch (error) {
        // A number that was damaged leads to other questions, which were not recorded.
        if (!/failed: |not recorded/.test(String(error))) throw error;
      }
    }
  }
});

test("a datagram larger than the buffer is told, not cut", () => {
  using _kernel = recordedKernel((datagram) => Uint8Array.from([...datagram, ...new Uint8Array(65_536)]));
  expect(() => xdpCapabilities(VETH0)).toThrow("EMSGSIZE");
});
