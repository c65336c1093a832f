import type { CounterName } from "@weir/engine";
import { requireRoot, requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { linkText, network, sendUdp, WATCHED } from "./network.ts";
import { Tcpdump } from "./tcpdump.ts";
import { RunningWeir, weir, weirWords } from "./weir.ts";

const missing = requireRoot() ?? requireTool("ip", "nsenter");

describe.skipIf(missing)("weir watch", () => {
  test.each([
    ["drv", / xdp /],
    ["skb", / xdpgeneric /],
  ])("in mode %s counts each packet, shows in ip link, and leaves nothing", async (mode, mark) => {
    using net = network();
    using watch = new RunningWeir(["watch", WATCHED, "--mode", mode, "--json", "--interval", "0.2"], net.near);
    await watch.started();
    expect(linkText(net.near)).toMatch(mark);
    await sendUdp(net.far, 300, 3);
    watch.process.kill("SIGINT");
    expect(await watch.exit).toEqual([0, null]);
    const objects = watch.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const udp = objects
      .at(-1)
      .connections.filter(({ protocol }: { protocol: { name: string } }) => protocol.name === "udp");
    expect(udp).toHaveLength(3);
    expect(udp[0]).toMatchObject({
      source: "192.0.2.2",
      destination: "192.0.2.1",
      destinationPort: 7,
      packets: 100,
      bytes: 10_000,
      kind: "l4",
    });
    expect(objects.at(-1)).toMatchObject({
      interface: WATCHED,
      mode,
      counters: { udp: 300 },
      identity: { holds: true },
    });
    expect(linkText(net.near)).not.toContain("xdp");
    expect(watch.stderr).toBe("");
  });

  test.skipIf(requireTool("tcpdump"))("counts what tcpdump counts, protocol by protocol", async () => {
    using net = network();
    using watch = new RunningWeir(["watch", WATCHED, "--json", "--interval", "0.2"], net.near);
    await watch.started();
    // The kernel reports its multicast groups within the first second; tcpdump starts too late for those.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const before = lastObject(watch).counters;
    using tcpdump = await Tcpdump.start(net.near);
    await sendUdp(net.far, 500, 5);
    net.far.try("bash", ["-c", "echo > /dev/tcp/192.0.2.1/99; echo > /dev/tcp/2001:db8::1/99"]);
    await tcpdump.stop();
    watch.process.kill("SIGINT");
    await watch.exit;
    const after = lastObject(watch).counters;
    const grown = (name: CounterName) => after[name] - before[name];
    expect(grown("udp")).toBe(500);
    expect({
      frames: grown("frames"),
      udp: grown("udp"),
      tcp: grown("tcp"),
      ipv4: grown("ipv4"),
      ipv6: grown("ipv6"),
      arp: grown("arp"),
    }).toEqual({
      frames: tcpdump.count(),
      udp: tcpdump.count("udp"),
      tcp: tcpdump.count("tcp"),
      ipv4: tcpdump.count("ip"),
      ipv6: tcpdump.count("ip6"),
      arp: tcpdump.count("arp"),
    });
  });

  test("prints lines in a pipe, for several interfaces", async () => {
    using net = network();
    net.near.run("ip", ["link", "add", "second", "type", "veth", "peer", "name", "third"]);
    net.near.run("ip", ["link", "set", "second", "up"]);
    const { stdout, code } = weir(["watch", WATCHED, "second", "--interval", "0.1", "--duration", "0.2"], net.near);
    expect(code).toBe(0);
    const totals = stdout.split("\n").filter((line) => line.includes(" total packets "));
    expect(totals.map((line) => line.split(" ")[1])).toEqual([WATCHED, "second", WATCHED, "second"]);
    expect(stdout).not.toContain("\x1b");
  });

  test("ends quietly when nobody reads any more", () => {
    using net = network();
    const [node, words] = weirWords(["watch", WATCHED, "--interval", "0.1", "--json"]);
    const script = `"$@" | head -n 1 | wc -l; echo "exit \${PIPESTATUS[0]}"`;
    const { stdout, stderr } = net.near.try("bash", ["-c", script, "bash", node, ...words]);
    expect({ stdout, stderr }).toEqual({ stdout: "1\nexit 0\n", stderr: "" });
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test("says that the output cannot be written", () => {
    using net = network();
    const [node, words] = weirWords(["watch", WATCHED, "--duration", "0.1"]);
    const result = net.near.try("bash", ["-c", '"$@" > /dev/full', "bash", node, ...words]);
    expect(result).toMatchObject({ code: 19, stderr: expect.stringContaining("the output cannot be written: ENOSPC") });
  });

  test("ends with 0 at SIGTERM, and kill -9 leaves nothing attached", async () => {
    using net = network();
    using polite = new RunningWeir(["watch", WATCHED, "--interval", "0.1"], net.near);
    await polite.started();
    polite.process.kill("SIGTERM");
    expect(await polite.exit).toEqual([0, null]);
    expect(linkText(net.near)).not.toContain("xdp");

    using killed = new RunningWeir(["watch", WATCHED, "--interval", "0.1"], net.near);
    await killed.started();
    expect(linkText(net.near)).toContain("xdp");
    killed.process.kill("SIGKILL");
    await killed.exit;
    await killed.until(() => !linkText(net.near).includes("xdp"));
  });

  test("says what found no place in a small table, and the account balances", async () => {
    using net = network();
    const words = ["watch", WATCHED, "--connections", "100", "--interval", "0.2"];
    using json = new RunningWeir([...words, "--json"], net.near);
    await json.started();
    await sendUdp(net.far, 2000, 1000);
    json.process.kill("SIGINT");
    await json.exit;
    const { counters, identity, tracked } = lastObject(json);
    expect(counters.udp).toBe(2000);
    expect(counters.overflow).toBeGreaterThan(1000);
    expect(identity).toMatchObject({ holds: true, exact: true });
    expect(tracked).toBeLessThan(400);
  });

  test.each(["wéir", "日本語", "q\"uo'te", "a\\b", "\x1b[31m", "-dash"])("watches an interface named %j", (name) => {
    using net = network({ names: ["other", "other"] });
    net.near.run("ip", ["link", "add", "name", name, "type", "veth", "peer", "name", "peer"]);
    net.near.run("ip", ["link", "set", "dev", name, "up"]);
    const words = ["watch", "--interval", "0.05", "--duration", "0.05"];
    const lines = weir([...words, "--", name], net.near);
    expect(lines).toMatchObject({ code: 0, stderr: "" });
    expect(lines.stdout).not.toContain("\x1b");
    expect(JSON.parse(weir([...words, "--json", "--", name], net.near).stdout)).toMatchObject({ interface: name });
  });
});

/** What the tests look at in an object that was printed. */
interface Printed {
  readonly counters: Readonly<Record<CounterName, number>>;
  readonly identity: unknown;
  readonly tracked: number;
}

function lastObject(watch: RunningWeir): Printed {
  return JSON.parse(watch.lastLine());
}
