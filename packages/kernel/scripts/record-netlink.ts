/**
 * Records what the running kernel answers over netlink about interfaces of every kind, for the unit tests: in a network namespace
 * that goes again. To be run by hand, as root, when weir is to ask for more.
 *
 * `node --conditions=source packages/kernel/scripts/record-netlink.ts`
 */
import { writeFileSync } from "node:fs";
import { release } from "node:os";
import { fileURLToPath } from "node:url";
import { NetworkNamespace } from "@weir/laboratory";
import {
  allXdpCapabilities,
  channels,
  deviceFeatures,
  findInterface,
  inNetworkNamespace,
  interfaces,
  linkState,
  rings,
  xdpCapabilities,
} from "../src/index.ts";
import { replaceNativeCalls } from "../src/native/current-calls.ts";
import { recordingCalls } from "../test/fixtures/netlink/recording.ts";

const SET_UP = `
link add index 10 name veth0 address 02:00:5e:10:00:01 mtu 1400 numrxqueues 3 numtxqueues 2 type veth peer index 11 name veth1 address 02:00:5e:10:00:02
link property add dev veth0 altname a-name-that-is-longer-than-fifteen-bytes altname veth-second
link add index 12 name bridge0 address 02:00:5e:10:00:03 type bridge
link set veth1 master bridge0 up
link set veth0 up
link add index 13 name macvlan0 link veth0 address 02:00:5e:10:00:04 type macvlan
tuntap add dev tap0 mode tap
`;

using namespace = NetworkNamespace.create({ ipv6: "off" });
namespace.run("ip", ["-batch", "-"], { input: SET_UP });
const { calls, exchanges } = recordingCalls();
inNetworkNamespace(namespace.path, () => {
  using _recording = replaceNativeCalls(calls);
  interfaces();
  findInterface("veth0");
  findInterface("a-name-that-is-longer-than-fifteen-bytes");
  attempt(() => findInterface("absent"));
  allXdpCapabilities();
  xdpCapabilities(10);
  attempt(() => xdpCapabilities(4711));
  deviceFeatures(10);
  channels(10);
  rings(10);
  linkState(10);
});
const file = fileURLToPath(new URL("../test/fixtures/netlink/linux-6.18.json", import.meta.url));
const distinct = [...new Map(exchanges.map((exchange) => [exchange.request, exchange])).values()];
writeFileSync(file, `${JSON.stringify({ kernel: release(), exchanges: distinct }, null, 1)}\n`);

/** Refusals are recorded too. */
function attempt(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    process.stdout.write(`${String(error)}\n`);
  }
}
