import { execFileSync } from "node:child_process";
import { type InterfaceEvent, InterfaceEvents, inNetworkNamespace } from "@weir/kernel";
import { NetworkNamespace } from "@weir/laboratory";
import { expect, test } from "vitest";

/** What is told of a namespace, a word for each event. */
function listen(namespace: NetworkNamespace, options: { buffer?: number } = {}) {
  const told: InterfaceEvent[] = [];
  const events = inNetworkNamespace(namespace.path, () => new InterfaceEvents((event) => told.push(event), options));
  const names = () => told.map((event) => `${event.kind} ${event.kind === "overrun" ? "" : event.interface.name}`);
  return { told, names, events, [Symbol.dispose]: () => events[Symbol.dispose]() };
}

test("interfaces that come, change and go are told from the event loop", async () => {
  using namespace = NetworkNamespace.create({ ipv6: "off" });
  using listener = listen(namespace);
  namespace.run("ip", ["link", "add", "veth0", "type", "veth", "peer", "name", "veth1"]);
  namespace.run("ip", ["link", "set", "veth0", "name", "other", "mtu", "1400"]);
  expect(listener.told).toEqual([]);
  await expect
    .poll(listener.names)
    .toEqual(expect.arrayContaining(["changed veth0", "changed veth1", "changed other"]));
  namespace.run("ip", ["link", "delete", "other"]);
  await expect.poll(() => listener.names().slice(-2).sort()).toEqual(["removed other", "removed veth1"]);
  const last = listener.told.findLast((event) => event.kind === "changed" && event.interface.name === "other");
  expect(last).toMatchObject({ interface: { mtu: 1400, kind: "veth" } });
});

test("they are told at once to who asks, and only those of the namespace", () => {
  using namespace = NetworkNamespace.create({ ipv6: "off" });
  using other = NetworkNamespace.create({ ipv6: "off" });
  using listener = listen(namespace);
  other.run("ip", ["link", "add", "elsewhere", "type", "bridge"]);
  namespace.run("ip", ["link", "add", "bridge0", "type", "bridge"]);
  listener.events.receive();
  expect(new Set(listener.names())).toEqual(new Set(["changed bridge0"]));
});

test("an interface that moves to another namespace is removed from the one and new in the other", () => {
  using namespace = NetworkNamespace.create({ ipv6: "off" });
  using other = NetworkNamespace.create({ ipv6: "off" });
  namespace.run("ip", ["link", "add", "veth0", "type", "veth", "peer", "name", "veth1"]);
  using here = listen(namespace);
  using there = listen(other);
  namespace.run("ip", ["link", "set", "veth0", "netns", other.name]);
  here.events.receive();
  there.events.receive();
  expect(here.names()).toContain("removed veth0");
  expect(there.names()).toContain("changed veth0");
});

test("what a bridge tells of its ports is not mistaken for the coming and going of interfaces", () => {
  using namespace = NetworkNamespace.create({ ipv6: "off" });
  namespace.run("ip", ["link", "add", "bridge0", "type", "bridge"]);
  namespace.run("ip", ["link", "add", "veth0", "master", "bridge0", "type", "veth", "peer", "name", "veth1"]);
  using listener = listen(namespace);
  namespace.run("ip", ["link", "set", "veth0", "nomaster"]);
  listener.events.receive();
  expect(listener.names()).toContain("changed veth0");
  expect(listener.names()).not.toContain("removed veth0");
});

test("an overrun of the socket is told with the interfaces that there are", async () => {
  using namespace = NetworkNamespace.create({ ipv6: "off" });
  using listener = listen(namespace, { buffer: 8192 });
  const batch = Array.from({ length: 100 }, (_, index) => `link add v${index} type veth peer name w${index}`);
  namespace.run("ip", ["-batch", "-"], { input: [...batch, "link delete v7"].join("\n") });
  await expect.poll(listener.names).toContain("overrun ");
  const overrun = listener.told.find((event) => event.kind === "overrun");
  const names = overrun?.interfaces.map(({ name }) => name);
  expect(names?.length).toBe(1 + 2 * 99);
  expect(names).not.toContain("v7");
  // What comes later is told as before.
  namespace.run("ip", ["link", "add", "late", "type", "bridge"]);
  await expect.poll(listener.names).toContain("changed late");
});

test("it may be disposed of from within, and then tells no more", async () => {
  using namespace = NetworkNamespace.create({ ipv6: "off" });
  let told = 0;
  const events = inNetworkNamespace(
    namespace.path,
    () =>
      new InterfaceEvents(() => {
        told += 1;
        events[Symbol.dispose]();
      }),
  );
  namespace.run("ip", ["link", "add", "veth0", "type", "veth", "peer", "name", "veth1"]);
  await expect.poll(() => told).toBe(1);
  namespace.run("ip", ["link", "delete", "veth0"]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  events.receive();
  expect(told).toBe(1);
});

test("what the listener throws is an uncaught exception", () => {
  using namespace = NetworkNamespace.create({ ipv6: "off" });
  const script = `import { InterfaceEvents } from "@weir/kernel"; import { execFileSync } from "node:child_process";
    globalThis.events = new InterfaceEvents(() => { throw new Error("expected"); });
    execFileSync("ip", ["link", "add", "bridge0", "type", "bridge"]); setTimeout(() => {}, 5000);`;
  const words = ["--conditions=source", "--input-type=module", "-e", script];
  const ended = namespace.try(process.execPath, words);
  expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining("Error: expected") });
});

test.each([
  ["nothing else to do", "", 0],
  ["an end by itself", "setTimeout(() => process.exit(3), 50);", 3],
  ["an error", "setTimeout(() => { throw new Error('expected'); }, 50);", 1],
])("a process ends at once with %s", (_, then, code) => {
  const script = `import { InterfaceEvents } from "@weir/kernel"; globalThis.events = new InterfaceEvents(() => {}); ${then}`;
  const words = ["--conditions=source", "--input-type=module", "-e", script];
  // In an emulated machine the process takes longer than that to begin.
  const timeout = 10_000 * Number(process.env.WEIR_TEST_PATIENCE ?? 1);
  const run = () => {
    try {
      execFileSync(process.execPath, words, { stdio: "pipe", timeout, cwd: import.meta.dirname });
      return 0;
    } catch (error) {
      // What execFileSync throws has the exit code; null when it was ended for its time.
      return (error as { status: number | null }).status;
    }
  };
  expect(run()).toBe(code);
});
