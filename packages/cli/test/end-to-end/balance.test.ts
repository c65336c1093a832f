import { readdirSync, readFileSync } from "node:fs";
import { NetworkNamespace, requireRoot, requireTool, tryCommand, vethPair } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { linkText, network, sendUdp, WATCHED } from "./network.ts";
import { Tcpdump } from "./tcpdump.ts";
import { RunningWeir, weir } from "./weir.ts";

const missing = requireRoot() ?? requireTool("ip", "nsenter", "ethtool", "tcpdump", "bpftool");

interface Printed {
  readonly counters: Readonly<Record<string, number>>;
  readonly steering: {
    readonly passed: { readonly packets: number };
    readonly redirected: number;
    readonly holds: boolean;
    readonly targets: readonly Readonly<Record<string, number | string>>[];
  };
}

/** The last object that was printed. */
const lastOf = ({ stdout }: RunningWeir): Printed => JSON.parse(stdout.trim().split("\n").at(-1) ?? "");

/** Ends it as Ctrl-C does. */
async function interrupt(running: RunningWeir): Promise<Printed> {
  running.process.kill("SIGINT");
  expect(await running.exit).toEqual([0, null]);
  return lastOf(running);
}

/** Ids of the programs that a process holds. */
function programsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fdinfo`;
  return readdirSync(folder).flatMap((name) => {
    try {
      return /^prog_id:\s*(\d+)/m.exec(readFileSync(`${folder}/${name}`, "utf8"))?.[1] ?? [];
    } catch {
      // A descriptor that was closed meanwhile.
      return [];
    }
  });
}

const exists = (program: string): boolean => tryCommand("bpftool", ["prog", "show", "id", program]).code === 0;

describe.skipIf(missing)("weir balance", () => {
  test("cpus: datagrams arrive, each is counted at a CPU, and nothing stays", async () => {
    using net = network();
    using running = new RunningWeir(
      ["balance", "cpus", WATCHED, "--cpus", "0", "--json", "--interval", "0.1"],
      net.near,
    );
    await running.started();
    expect(linkText(net.near)).toContain("xdp");
    using tcpdump = await Tcpdump.start(net.near);
    await sendUdp(net.far, 200, 20);
    await tcpdump.stop();
    const { counters, steering } = await interrupt(running);
    expect(counters.udp).toBe(200);
    // The network stack has got what was handed to the CPU.
    expect(tcpdump.count("udp", "and", "dst", "port", "7")).toBe(200);
    expect(steering.holds).toBe(true);
    expect(steering.passed.packets + steering.redirected).toBe(counters.frames);
    expect(steering.targets).toMatchObject([
      { target: 0, packets: steering.redirected, dropped: 0, errors: 0, absent: 0 },
    ]);
    expect(steering.targets[0]?.delivered).toBe(steering.redirected);
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test("devices: each connection leaves on one interface, as tcpdump sees", async () => {
    using net = network({ quiet: true });
    using receiver = NetworkNamespace.create({ ipv6: "off" });
    for (const number of [0, 1]) {
      vethPair(net.near, receiver, { addresses: false, names: [`out${number}`, `veth${number}`] });
      receiver.run("ethtool", ["-K", `veth${number}`, "gro", "on"]);
    }
    net.far.run("ip", ["address", "add", "192.0.2.2/24", "dev", "veth0"]);
    net.far.run("ip", ["neighbour", "add", "192.0.2.1", "lladdr", "02:00:00:00:00:01", "dev", "veth0"]);
    const words = ["balance", "devices", WATCHED, "--to", "out0,out1", "--json", "--interval", "0.1"];
    using running = new RunningWeir(words, net.near);
    await running.started();
    // On veth0 of the receiver, which has the name that the others watch.
    using tcpdump = await Tcpdump.start(receiver);
    await sendUdp(net.far, 400, 40);
    await tcpdump.stop();
    const { counters, steering } = await interrupt(running);
    const [first, second] = steering.targets;
    expect(counters.udp).toBe(400);
    expect(first?.packets).toBe(tcpdump.count("udp"));
    expect(Number(first?.packets) + Number(second?.packets)).toBe(400);
    expect(Number(first?.packets) % 10).toBe(0);
    // 20 of 40 connections with a standard deviation of 3.
    expect(Math.abs(Number(first?.packets) / 10 - 20)).toBeLessThan(16);
    expect([first?.delivered, second?.delivered]).toEqual([first?.packets, second?.packets]);
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test("kill -9 leaves nothing attached, neither to the interface nor to tracepoints", async () => {
    using net = network();
    using running = new RunningWeir(["balance", "cpus", WATCHED, "--cpus", "0", "--interval", "0.1"], net.near);
    await running.started();
    const programs = [...new Set(programsOf(running.process.pid ?? 0))];
    // The steering program, and those at three tracepoints.
    expect(programs).toHaveLength(4);
    expect(programs.filter(exists)).toEqual(programs);
    running.process.kill("SIGKILL");
    await running.exit;
    const end = Date.now() + 10_000;
    while (programs.some(exists) && Date.now() < end) await new Promise((done) => setTimeout(done, 20));
    expect(programs.filter(exists)).toEqual([]);
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test("its interface is removed: that is said, with its last numbers", async () => {
    using net = network();
    using running = new RunningWeir(["balance", "cpus", WATCHED, "--cpus", "0", "--interval", "0.1"], net.near);
    await running.started();
    net.near.run("ip", ["link", "delete", WATCHED]);
    expect(await running.exit).toEqual([7, null]);
    expect(running.stderr).toContain(`interface ${WATCHED} was removed`);
    expect(running.stdout).toContain("removed");
  });

  test.each([
    [2, "it must have CPUs of this machine", ["cpus", WATCHED, "--cpus", "8000"]],
    [2, "It must be a list of CPUs", ["cpus", WATCHED, "--cpus", "1-0"]],
    [2, "required option '--cpus <list>' not specified", ["cpus", WATCHED]],
    [2, "from 1 to 16384", ["cpus", WATCHED, "--cpus", "0", "--queue-size", "20000"]],
    [5, "nosuch0", ["cpus", "nosuch0", "--cpus", "0"]],
    [2, "option to has veth0 itself", ["devices", WATCHED, "--to", WATCHED]],
    [5, "nosuch0", ["devices", WATCHED, "--to", "nosuch0"]],
    [2, "separated by commas", ["devices", WATCHED, "--to", "a,,b"]],
  ] as const)("ends with %i and says: %s", (code, message, words) => {
    using net = network({ quiet: true });
    const result = weir(["balance", ...words], net.near);
    expect(result).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(message) });
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test("where another program is, it is named and left alone", async () => {
    using net = network();
    using first = new RunningWeir(["watch", WATCHED, "--interval", "0.1"], net.near);
    await first.started();
    const before = linkText(net.near);
    const second = weir(["balance", "cpus", WATCHED, "--cpus", "0"], net.near);
    expect(second).toMatchObject({ code: 8, stderr: expect.stringContaining("xdp_packet_moni") });
    expect(linkText(net.near)).toBe(before);
  });
});
