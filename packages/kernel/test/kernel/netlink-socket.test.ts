import { attachXdp, findInterface, inNetworkNamespace, loadObject } from "@weir/kernel";
import { NetworkNamespace } from "@weir/laboratory";
import { expect, test } from "vitest";
import { u32 } from "../../src/netlink/attribute-kinds.ts";
import { attributeTable, encode } from "../../src/netlink/attribute-table.ts";
import { genericFamily } from "../../src/netlink/generic-family.ts";
import { GENERIC_NETLINK, tryGenericRequest } from "../../src/netlink/generic-message.ts";
import { LINK } from "../../src/netlink/link-attributes.ts";
import { NetlinkSocket } from "../../src/netlink/netlink-socket.ts";
import { decodeInterface, linkHead } from "../../src/netlink/network-interface.ts";
import { RTNETLINK, tryRouteRequest } from "../../src/netlink/route-request.ts";
import { ethtool_header, ethtool_message, ethtool_rings } from "../../src/uapi/ethtool.generated.ts";
import { NLM_F_ACK } from "../../src/uapi/macros.ts";
import { rtnetlink_groups, rtnetlink_message } from "../../src/uapi/netlink.generated.ts";
import { objectSpec, VERDICT, verdictProgram } from "../fixtures/pass-object.ts";
import { programOf } from "../fixtures/program-of.ts";

const EAGAIN = 11;

test("a socket that joined a group is told of interfaces that come, change and go", () => {
  using namespace = NetworkNamespace.create({ ipv6: "off" });
  using socket = inNetworkNamespace(namespace.path, () => new NetlinkSocket(RTNETLINK));
  socket.join(rtnetlink_groups.RTNLGRP_LINK);
  expect(socket.receive("at once")).toEqual({ kind: "failed", errno: EAGAIN });
  namespace.run("ip", ["link", "add", "index", "17", "name", "tap0", "type", "bridge"]);
  namespace.run("ip", ["link", "set", "tap0", "mtu", "1280"]);
  namespace.run("ip", ["link", "delete", "tap0"]);
  const events: [number, string, number][] = [];
  for (;;) {
    const received = socket.receive("at once");
    if (received.kind === "failed") {
      expect(received.errno).toBe(EAGAIN);
      break;
    }
    for (const message of received.messages) {
      const { index, name, mtu } = decodeInterface(message);
      expect(index).toBe(17);
      events.push([message.type, name, mtu]);
    }
  }
  const { RTM_NEWLINK, RTM_DELLINK } = rtnetlink_message;
  expect(events[0]).toEqual([RTM_NEWLINK, "tap0", 1500]);
  expect(events).toContainEqual([RTM_NEWLINK, "tap0", 1280]);
  expect(events.at(-1)).toEqual([RTM_DELLINK, "tap0", 1280]);
});

test("generic families are found with their groups", () => {
  const family = genericFamily("ethtool");
  using socket = new NetlinkSocket(GENERIC_NETLINK);
  socket.join(family?.groups.get("monitor") ?? 0);
  expect(() => socket.join(0x7fff_fff0)).toThrow("NETLINK_ADD_MEMBERSHIP on generic netlink group 2147483632 failed");
  expect(genericFamily("no-such-family")).toBeUndefined();
});

test("a refusal has the kernel's words, and the name of the attribute that it objects to", () => {
  using namespace = NetworkNamespace.create();
  const HEADER = attributeTable(ethtool_header, {
    index: ["ETHTOOL_A_HEADER_DEV_INDEX", u32],
    flags: ["ETHTOOL_A_HEADER_FLAGS", u32],
  });
  const RINGS = attributeTable(ethtool_rings, { header: ["ETHTOOL_A_RINGS_HEADER", HEADER] });
  const command = { name: "ETHTOOL_MSG_RINGS_GET", number: ethtool_message.ETHTOOL_MSG_RINGS_GET };
  inNetworkNamespace(namespace.path, () => {
    const { id } = genericFamily("ethtool") ?? { id: 0 };
    const ask = (header: { index?: number; flags?: number }) =>
      tryGenericRequest(id, { command, attributes: encode(RINGS, { header }) });
    expect(ask({ index: 4711 })).toEqual({
      kind: "refused",
      errno: 19,
      words: "no device matches ifindex (at ETHTOOL_A_RINGS_HEADER > ETHTOOL_A_HEADER_DEV_INDEX)",
    });
    expect(ask({ index: 1, flags: 0x8000_0000 })).toMatchObject({
      words: expect.stringContaining("(at ETHTOOL_A_RINGS_HEADER > ETHTOOL_A_HEADER_FLAGS)"),
    });
    expect(tryGenericRequest(id, { command, attributes: encode(RINGS, {}) })).toMatchObject({
      words: expect.stringContaining("(missing: ETHTOOL_A_RINGS_HEADER)"),
    });
    const { RTM_SETLINK: type } = rtnetlink_message;
    const name = "a-name-that-is-longer-than-sixteen-bytes";
    const attributes = encode(LINK, { name });
    expect(
      tryRouteRequest({ name: "RTM_SETLINK", type, flags: NLM_F_ACK, head: linkHead(1), attributes }),
    ).toMatchObject({ words: expect.stringContaining("(at IFLA_IFNAME)") });
  });
});

test("the program that is attached is told with its mode", () => {
  using namespace = NetworkNamespace.create();
  using object = loadObject(objectSpec([verdictProgram("pass", VERDICT.pass)]));
  const program = programOf(object, "pass");
  inNetworkNamespace(namespace.path, () => {
    using _attachment = attachXdp({ interface: "lo", program, mode: "skb", by: "netlink" });
    expect(findInterface("lo").xdp).toEqual([{ mode: "skb", programId: program.id }]);
  });
});
