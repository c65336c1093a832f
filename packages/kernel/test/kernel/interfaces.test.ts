import { attachXdp, findInterface, inNetworkNamespace, interfaces, loadObject, xdpFeatures } from "@weir/kernel";
import { NetworkNamespace, vethPair } from "@weir/laboratory";
import { expect, test } from "vitest";
import { objectSpec, VERDICT, verdictProgram } from "../fixtures/pass-object.ts";
import { programOf } from "../fixtures/program-of.ts";

test("interfaces are listed and found by name, index and alternative name", () => {
  using namespace = NetworkNamespace.create();
  namespace.run("ip", [
    "link",
    "add",
    "eth.1-ü",
    "address",
    "02:00:5e:10:00:01",
    "mtu",
    "1300",
    "type",
    "veth",
    "peer",
    "name",
    "-odd name-".replace(" ", "_"),
  ]);
  const alternative = "a-name-that-is-longer-than-fifteen-bytes";
  namespace.run("ip", ["link", "property", "add", "dev", "eth.1-ü", "altname", alternative]);
  inNetworkNamespace(namespace.path, () => {
    const found = findInterface("eth.1-ü");
    expect(found).toMatchObject({ name: "eth.1-ü", mtu: 1300, up: false, kind: "veth", xdp: [] });
    expect(found.hardwareAddress).toBe("02:00:5e:10:00:01");
    expect(findInterface(found.index)).toEqual(found);
    expect(findInterface(alternative)).toEqual(found);
    expect(
      interfaces()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["-odd_name-", "eth.1-ü", "lo"]);
    expect(findInterface("lo")).toMatchObject({ index: 1, up: true, kind: undefined });
    expect(() => findInterface("a-name-that-is-longer-than-that")).toThrow(
      expect.objectContaining({ isNotFound: true }),
    );
    expect(() => findInterface("")).toThrow(expect.objectContaining({ isNotFound: true }));
    expect(() => findInterface(4711)).toThrow("There is no interface with index 4711");
  });
});

test("hundreds of interfaces fit no single datagram, and are all listed", () => {
  using namespace = NetworkNamespace.create();
  const batch = Array.from({ length: 200 }, (_, index) => `link add v${index} type veth peer name w${index}`);
  namespace.run("ip", ["-batch", "-"], { input: batch.join("\n") });
  expect(inNetworkNamespace(namespace.path, interfaces).length).toBe(401);
});

test("a namespace that is not there is named", () => {
  expect(() => inNetworkNamespace("/run/netns/none", interfaces)).toThrow("network namespace /run/netns/none");
});

test("a veth takes redirected frames while its other end has a program or GRO", () => {
  using left = NetworkNamespace.create();
  using right = NetworkNamespace.create();
  vethPair(left, right);
  const features = () => inNetworkNamespace(left.path, () => xdpFeatures(findInterface("veth0").index));
  // Before Linux 6.3 nobody can tell.
  if (features() === undefined) return;
  expect(features()).toEqual(new Set(["basic", "redirect", "rx-sg"]));
  using object = loadObject(objectSpec([verdictProgram("pass", VERDICT.pass)]));
  inNetworkNamespace(right.path, () => {
    using _attachment = attachXdp({ interface: "veth0", program: programOf(object, "pass") });
    expect(features()?.has("ndo-xmit")).toBe(true);
  });
  expect(features()?.has("ndo-xmit")).toBe(false);
  right.run("ethtool", ["-K", "veth0", "gro", "on"]);
  expect(features()?.has("ndo-xmit")).toBe(true);
  expect(() => inNetworkNamespace(left.path, () => xdpFeatures(4711))).toThrow("NETDEV_CMD_DEV_GET");
  expect(inNetworkNamespace(left.path, () => xdpFeatures(findInterface("lo").index))).toEqual(new Set());
});
