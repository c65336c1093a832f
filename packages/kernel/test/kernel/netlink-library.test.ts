import { inNetworkNamespace } from "@weir/kernel";
import {
  attributesBehind,
  attributeTable,
  bytes,
  decode,
  encode,
  GENERIC_NETLINK,
  genericFamily,
  genericMessages,
  genericRequest,
  hardwareAddress,
  type NetlinkMessage,
  NetlinkSocket,
  NLM_F_DUMP,
  routeRequest,
  text,
  u16,
  u32,
} from "@weir/kernel/netlink";
import { NetworkNamespace } from "@weir/laboratory";
import { expect, test } from "vitest";

// From the kernel's headers, as somebody would write them down who needs what weir does not ask.
const FAMILY = attributeTable(
  { CTRL_ATTR_FAMILY_ID: 1, CTRL_ATTR_FAMILY_NAME: 2 },
  { id: ["CTRL_ATTR_FAMILY_ID", u16], name: ["CTRL_ATTR_FAMILY_NAME", text] },
);
const NEIGHBOUR = attributeTable(
  { NDA_DST: 1, NDA_LLADDR: 2 },
  { address: ["NDA_DST", bytes], hardware: ["NDA_LLADDR", hardwareAddress] },
);
const HEADER = attributeTable(
  { ETHTOOL_A_HEADER_DEV_INDEX: 1, ETHTOOL_A_HEADER_DEV_NAME: 2 },
  { index: ["ETHTOOL_A_HEADER_DEV_INDEX", u32], name: ["ETHTOOL_A_HEADER_DEV_NAME", text] },
);
const FEATURES = attributeTable({ ETHTOOL_A_FEATURES_HEADER: 1 }, { header: ["ETHTOOL_A_FEATURES_HEADER", HEADER] });
/** `struct ndmsg` */
const NDMSG = 12;

test("a dump of generic families is what genl lists", () => {
  using namespace = NetworkNamespace.create();
  // Some families are for the first network namespace alone.
  const families = inNetworkNamespace(namespace.path, () =>
    genericRequest("nlctrl", {
      command: { name: "CTRL_CMD_GETFAMILY", number: 3 },
      flags: NLM_F_DUMP,
      attributes: encode(FAMILY, {}),
      answer: FAMILY,
      subject: "all families",
    }),
  );
  const listed = [...namespace.run("genl", ["ctrl", "list"]).matchAll(/Name: (\S+)\n\s*ID: 0x([0-9a-f]+)/g)];
  expect(families).toEqual(listed.map(([, name, id]) => ({ id: Number.parseInt(id ?? "", 16), name })));
  expect(families).toContainEqual({ id: 16, name: "nlctrl" });
});

test("what rtnetlink knows beside interfaces can be asked", () => {
  using namespace = NetworkNamespace.create();
  namespace.run("ip", ["link", "add", "tap0", "type", "bridge"]);
  namespace.run("ip", ["link", "set", "tap0", "up"]);
  const neighbour = ["192.0.2.7", "lladdr", "02:00:00:00:00:07", "dev", "tap0"];
  namespace.run("ip", ["neighbour", "add", ...neighbour]);
  const request = { name: "RTM_GETNEIGH", type: 30, flags: NLM_F_DUMP, head: new Uint8Array(NDMSG) };
  const messages = inNetworkNamespace(namespace.path, () =>
    routeRequest({ ...request, attributes: encode(NEIGHBOUR, {}) }, "all neighbours"),
  );
  const neighbours = messages.map((message) => decode(NEIGHBOUR, attributesBehind(message, NDMSG)));
  expect(neighbours).toContainEqual({ address: Uint8Array.of(192, 0, 2, 7), hardware: "02:00:00:00:00:07" });
});

test("what a family tells its groups arrives without asking", async () => {
  using namespace = NetworkNamespace.create();
  namespace.run("ip", ["link", "add", "index", "23", "name", "wire0", "type", "veth", "peer", "name", "wire1"]);
  using socket = inNetworkNamespace(namespace.path, () => new NetlinkSocket(GENERIC_NETLINK));
  const ethtool = genericFamily("ethtool");
  socket.join(ethtool?.groups.get("monitor") ?? 0);
  const told = new Promise<readonly NetlinkMessage[]>((resolve) => {
    const listening = socket.whileReadable(() => {
      listening[Symbol.dispose]();
      const received = socket.receive("at once");
      resolve(received.kind === "messages" ? received.messages : []);
    });
  });
  namespace.run("ethtool", ["--features", "wire0", "gro", "on"]);
  const alive = setTimeout(() => undefined, 5_000);
  const messages = await told;
  clearTimeout(alive);
  expect(messages.map(({ type }) => type)).toEqual([ethtool?.id]);
  const [notification] = genericMessages(messages, FEATURES, "ETHTOOL_MSG_FEATURES_NTF");
  expect(notification?.header).toEqual({ index: 23, name: "wire0" });
});
