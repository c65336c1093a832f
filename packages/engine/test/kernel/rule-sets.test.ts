/** Rules as hosts have them, against real traffic: what is wanted comes through, the rest does not, and each frame is counted where it belongs. */

import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { requireRoot, requireTool } from "@weir/laboratory";
import { readRules } from "@weir/rules";
import { ethernet, type Packet } from "@weir/testing";
import { describe, expect, test } from "vitest";
import { applyRules, detach, type ListedRule, listRules } from "../../src/index.ts";
import { type WatchedVeth, watchedVeth } from "./watched-veth.ts";

const SEND_FRAMES = join(import.meta.dirname, "../fixtures/send-frames.ts");

/** HTTP on ports of TCP; on ports of UDP it answers with what came, from the same port. */
const SERVE = `
  const { tcp, udp } = JSON.parse(process.argv[1]);
  const ready = [
    ...tcp.map((port) => new Promise((done) => require("node:http").createServer((_, answer) => answer.end("yes")).listen(port, done))),
    ...udp.map((port) => new Promise((done) => {
      const socket = require("node:dgram").createSocket("udp4");
      socket.on("message", (data, from) => socket.send(data, from.port, from.address));
      socket.bind(port, done);
    })),
  ];
  Promise.all(ready).then(() => process.stdout.write("ready\\n"));
`;

/** Sends datagrams of a size from an address and a port to a port, and prints how many came back. */
const ASK = `
  const [, to, port, from, fromPort, size, count] = process.argv;
  const socket = require("node:dgram").createSocket("udp4");
  let answers = 0;
  socket.on("message", () => { if (++answers === Number(count)) done(); });
  const done = () => { process.stdout.write(String(answers)); process.exit(0); };
  socket.bind({ address: from, port: Number(fromPort) }, () => {
    for (let sent = 0; sent < Number(count); sent++) socket.send(Buffer.alloc(Number(size)), Number(port), to);
    setTimeout(done, 700);
  });
`;

interface Host extends Disposable {
  readonly veth: WatchedVeth;
  readonly address: string;
  /** Applies rules that are written in YAML. */
  apply(text: string): void;
  /** Frames of each rule, by its name. */
  counted(): Readonly<Record<string, number>>;
  /** Frames that the interface says were dropped by its program. */
  dropped(): number;
  /** A rule with its numbers. */
  listed(rule: string): ListedRule;
  /** Whether a page comes from a port, asked for from an address. */
  fetches(from: string, port: number): boolean;
  /** Sends a frame many times. */
  floods(packet: Packet, count: number): void;
  /** How many of so many datagrams are answered. */
  asks(
    from: string,
    port: number,
    options?: { readonly fromPort?: number; readonly size?: number; readonly count?: number },
  ): number;
}

const HERE = "192.0.2.2";
const [FRIEND, STRANGER, PRIVATE] = ["192.0.2.10", "192.0.2.66", "10.1.2.3"];

/** What comes from an address, behind a tag if there is one. */
function from(source: string, vlan?: number, fragmentOffset?: number) {
  const tagged = vlan === undefined ? ethernet() : ethernet().vlan(vlan);
  return tagged.ipv4({ source, destination: HERE, ...(fragmentOffset !== undefined && { fragmentOffset }) });
}

async function host(tcp: readonly number[], udp: readonly number[]): Promise<Host> {
  using stack = new DisposableStack();
  const veth = stack.use(watchedVeth());
  const directory = mkdtempSync(join(tmpdir(), "weir-rule-sets-"));
  stack.defer(() => rmSync(directory, { recursive: true }));
  const end = veth.receiver.run("ip", ["-4", "-o", "addr", "show", "dev", veth.name]);
  const here = /inet ([\d.]+)/.exec(end)?.[1] ?? HERE;
  for (const address of [FRIEND, STRANGER, PRIVATE]) {
    veth.sender.run("ip", ["addr", "add", `${address}/24`, "dev", "veth0"]);
  }
  veth.receiver.run("ip", ["route", "add", "10.0.0.0/8", "dev", veth.name]);
  const server = veth.receiver.spawn(process.execPath, ["-e", SERVE, JSON.stringify({ tcp, udp })], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  stack.defer(() => server.kill("SIGKILL"));
  if (server.stdout !== null) await once(server.stdout, "data");
  const owned = stack.move();
  const list = () => veth.inside(() => listRules(veth.name)).rules;
  return {
    veth,
    address: here,
    apply: (text) => {
      const file = join(directory, "rules.yaml");
      writeFileSync(file, text);
      veth.inside(() => applyRules([veth.name], readRules(file).rules));
    },
    counted: () => Object.fromEntries(list().map(({ name, packets }) => [name, Number(packets)])),
    dropped: () => {
      const counters = veth.receiver.run("ethtool", ["-S", veth.name]).matchAll(/rx_queue_\d+_xdp_drops: (\d+)/g);
      return [...counters].reduce((sum, [, drops]) => sum + Number(drops), 0);
    },
    listed: (rule) => list().find(({ name }) => name === rule) ?? expect.fail(`there is no rule ${rule}`),
    floods: (packet, count) => {
      const hex = Buffer.from(packet.paddedTo(60)).toString("hex");
      veth.sender.run(process.execPath, ["--conditions=source", SEND_FRAMES, "veth0", hex, String(count)]);
    },
    fetches: (from, port) => {
      const words = ["--silent", "--max-time", "1", "--interface", from, `http://${here}:${port}/`];
      return veth.sender.try("curl", words).stdout === "yes";
    },
    asks: (from, port, { fromPort = 0, size = 40, count = 5 } = {}) =>
      Number(veth.sender.run(process.execPath, ["-e", ASK, here, ...[port, from, fromPort, size, count].map(String)])),
    [Symbol.dispose]: () => {
      veth.inside(() => detach(veth.name));
      owned.dispose();
    },
  };
}

describe.skipIf(requireRoot() ?? requireTool("curl"))("rules as hosts have them", { timeout: 60_000 }, () => {
  test("only administrators reach the secure shell", async () => {
    using machine = await host([22, 80], []);
    machine.apply(`
sets: { admins: [${FRIEND}] }
rules:
  - { name: admins, match: tcp dst port ssh and src in @admins, action: pass }
  - { name: guard, match: tcp dst port ssh, action: drop }
`);
    expect(machine.fetches(FRIEND, 22)).toBe(true);
    expect(machine.fetches(STRANGER, 22)).toBe(false);
    expect(machine.fetches(STRANGER, 80)).toBe(true);
    const { admins = 0, guard = 0 } = machine.counted();
    expect(admins).toBeGreaterThanOrEqual(4);
    // Nothing but attempts to connect.
    expect(guard).toBeGreaterThanOrEqual(1);
    expect(guard).toBeLessThanOrEqual(3);
  });

  test("large answers that no resolver sends are dropped", async () => {
    using machine = await host([], [9000]);
    machine.apply(`
sets: { resolvers: [${FRIEND}] }
rules:
  - { name: amplified, match: udp and src port 53 and greater 512 and not src in @resolvers, action: drop }
`);
    expect(machine.asks(STRANGER, 9000, { fromPort: 53, size: 600 })).toBe(0);
    expect(machine.asks(STRANGER, 9000, { fromPort: 53, size: 100 })).toBe(5);
    expect(machine.asks(FRIEND, 9000, { fromPort: 53, size: 600 })).toBe(5);
    expect(machine.asks(STRANGER, 9000, { fromPort: 5353, size: 600 })).toBe(5);
    expect(machine.counted()).toEqual({ amplified: 5 });
  });

  test("addresses that nobody has do not come in", async () => {
    using machine = await host([], [7]);
    machine.apply(`
sets: { bogons: [10.0.0.0/8, 127.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 224.0.0.0/3, "fc00::/7"] }
rules: [ { name: bogons, match: ip and src in @bogons or ip6 and src in @bogons, action: drop } ]
`);
    expect(machine.asks(PRIVATE, 7)).toBe(0);
    expect(machine.asks(STRANGER, 7)).toBe(5);
    expect(machine.counted()).toEqual({ bogons: 5 });
  });

  test("what is not allowed is dropped", async () => {
    using machine = await host([80, 81], [7]);
    machine.apply(`
default: drop
rules:
  - { name: arp, match: arp, action: pass }
  - { name: discovery, match: "icmp6 and ip6[40] >= 133 and ip6[40] <= 136", action: pass }
  - { name: dhcp, match: "udp dst port 68 or udp dst port 546", action: pass }
  - { name: web, match: tcp dst port 80 and src net 192.0.2.0/26, action: pass }
`);
    expect(machine.fetches(FRIEND, 80)).toBe(true);
    expect(machine.fetches(FRIEND, 81)).toBe(false);
    expect(machine.fetches(STRANGER, 80)).toBe(false);
    expect(machine.asks(FRIEND, 7)).toBe(0);
    const { default: byDefault } = machine.veth.inside(() => listRules(machine.veth.name));
    expect(Number(byDefault.packets)).toBeGreaterThanOrEqual(7);
  });

  test("half a million prefixes are kept out, and ports that are closed", async () => {
    using machine = await host([80, 8080], [7]);
    const prefixes = Array.from(
      { length: 500_000 },
      (_, index) => `${20 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}.0/24`,
    );
    const file = join(tmpdir(), `weir-prefixes-${process.pid}.txt`);
    writeFileSync(file, `${[...prefixes, `${STRANGER}/32`].join("\n")}\n`);
    using _file = { [Symbol.dispose]: () => rmSync(file) };
    machine.apply(`
sets:
  abroad: { file: ${file} }
  closed: [8000-8099]
rules:
  - { name: abroad, match: src in @abroad, action: drop }
  - { name: closed, match: tcp dst port in @closed, action: drop }
`);
    expect(machine.fetches(FRIEND, 80)).toBe(true);
    expect(machine.fetches(FRIEND, 8080)).toBe(false);
    expect(machine.asks(STRANGER, 7)).toBe(0);
    // It is not even answered where this host is: what it asks by ARP has its address, too.
    expect(machine.counted().abroad).toBeGreaterThanOrEqual(1);
    expect(machine.counted().closed).toBeGreaterThanOrEqual(1);
  });

  test("a rule on trial changes nothing and counts what it would drop", async () => {
    using machine = await host([], [7, 8]);
    machine.apply(`
rules:
  - { name: trial, match: udp, action: count, comment: would it hurt? }
  - { name: eight, match: udp dst port 8, action: drop }
`);
    expect(machine.asks(FRIEND, 7)).toBe(5);
    expect(machine.asks(FRIEND, 8)).toBe(0);
    expect(machine.counted()).toEqual({ trial: 10, eight: 5 });
  });

  test("a flood of connection requests is held at its rate, and others connect", async () => {
    using machine = await host([80], []);
    machine.apply(`
rules:
  - name: requests
    match: "tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn"
    action: { limit: { rate: 100/s, burst: 20, per: source } }
    comment: of each source, so that one alone cannot take the others' turns
`);
    const request = from(STRANGER).tcp({ destinationPort: 80, flags: ["syn"] });
    const begin = performance.now();
    machine.floods(request, 100_000);
    const seconds = (performance.now() - begin) / 1000;
    const { packets, over } = machine.listed("requests");
    const passed = Number(packets - (over?.packets ?? 0n));
    expect(packets).toBe(100_000n);
    // Those of the beginning, and what the rate allows; one more where time is rounded.
    expect(passed).toBeGreaterThanOrEqual(20);
    expect(passed).toBeLessThanOrEqual(20 + 100 * seconds + 1);
    for (let times = 0; times < 5; times++) expect(machine.fetches(FRIEND, 80)).toBe(true);
    const after = machine.listed("requests");
    expect(after.packets).toBeGreaterThanOrEqual(100_005n);
    expect(after.over).toEqual(over);
    expect(BigInt(machine.dropped())).toBe(over?.packets);
  });

  test("what belongs to one VLAN does not come in from another", async () => {
    using machine = await host([], []);
    machine.apply(`
rules:
  - { name: office, match: vlan 10 and tcp dst port 22, action: pass }
  - { name: guests, match: vlan 20 and (tcp dst port 80 or tcp dst port 443), action: pass }
  - { name: guests-else, match: vlan 20, action: drop }
  - { name: shell, match: tcp dst port 22, action: drop }
`);
    const to = (port: number, vlan?: number) => from(STRANGER, vlan).tcp({ destinationPort: port });
    // Not more than 64 of those that pass: the network stack takes the tag out of a frame, and the generator sends its memory again.
    machine.floods(to(22, 10), 60);
    machine.floods(to(443, 20), 50);
    machine.floods(to(25, 10), 40);
    machine.floods(to(22, 20), 2000);
    machine.floods(to(22, 30), 4000);
    machine.floods(to(22), 5000);
    expect(machine.counted()).toEqual({ office: 60, guests: 50, "guests-else": 2000, shell: 9000 });
    expect(machine.dropped()).toBe(11_000);
  });

  test("answers of protocols that attackers reflect are dropped, questions are not", async () => {
    using machine = await host([], [7, 123]);
    machine.apply(`
sets: { reflectors: [19, 53, 111, 123, 137, 161, 389, 1900, 11211] }
rules: [ { name: reflected, match: udp and src port in @reflectors and dst portrange 1024-65535, action: drop } ]
`);
    const answer = from(STRANGER).udp({ sourcePort: 11_211, destinationPort: 40_000 }).payload(new Uint8Array(1000));
    machine.floods(answer, 200_000);
    expect(machine.asks(FRIEND, 123)).toBe(5);
    expect(machine.asks(STRANGER, 7, { fromPort: 5353 })).toBe(5);
    expect(machine.counted()).toEqual({ reflected: 200_000 });
    expect(machine.dropped()).toBe(200_000);
  });

  test("a host that only asks gets its answers, and nobody connects to it", async () => {
    using machine = await host([80], []);
    machine.apply(`
rules:
  - { name: incoming, match: "tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn", action: drop }
  - { name: later-fragments, match: "ip[6:2] & 0x1fff != 0", action: drop, comment: they say nothing of flags }
`);
    const elsewhere = machine.veth.sender.spawn(
      process.execPath,
      ["-e", SERVE, JSON.stringify({ tcp: [80], udp: [] })],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    await once(elsewhere.stdout ?? elsewhere, "data");
    const page = machine.veth.receiver.try("curl", ["--silent", "--max-time", "2", `http://${FRIEND}/`]);
    elsewhere.kill("SIGKILL");
    expect(page.stdout).toBe("yes");
    expect(machine.fetches(FRIEND, 80)).toBe(false);
    machine.floods(from(STRANGER, undefined, 800).udp(), 1000);
    const { incoming = 0, "later-fragments": fragments } = machine.counted();
    expect(incoming).toBeGreaterThanOrEqual(1);
    expect(fragments).toBe(1000);
    expect(machine.dropped()).toBe(incoming + 1000);
  });
});

const LOAD = requireRoot() ?? requireTool("iperf3") ?? requireTool("ping");

describe.skipIf(LOAD)("rules as hosts have them, under load", { timeout: 60_000 }, () => {
  test("a flood of pings is held at its rate, while others ping and a transfer goes on", async () => {
    using machine = await host([], []);
    machine.apply(`
rules:
  - { name: pings, match: "icmp[icmptype] = icmp-echo", action: { limit: { rate: 50/s, burst: 10, per: source } } }
  - { name: transfer, match: tcp dst port 5201, action: pass }
`);
    const server = machine.veth.receiver.spawn("iperf3", ["--server", "--one-off", "--forceflush"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(server.stdout ?? server, "data");
    const words = ["--client", machine.address, "--bytes", "100M", "--json"];
    const transfer = machine.veth.sender.spawn("iperf3", words, { stdio: ["ignore", "pipe", "inherit"] });
    const report = text(transfer.stdout ?? Readable.from([]));
    machine.floods(from(STRANGER).icmp({ type: 8 }), 100_000);
    const pings = machine.veth.sender.run("ping", ["-c", "5", "-i", "0.2", "-I", FRIEND, machine.address]);
    expect(pings).toContain("5 packets transmitted, 5 received");
    // What iperf3 prints is as its manual says.
    const { end } = JSON.parse(await report) as { end: { sum_sent: { bytes: number } } };
    expect(end.sum_sent.bytes).toBeGreaterThanOrEqual(100_000_000);
    const { packets, over } = machine.listed("pings");
    expect(packets).toBe(100_005n);
    expect(over?.packets).toBe(BigInt(machine.dropped()));
    expect(over?.packets).toBeGreaterThan(99_000n);
    expect(machine.counted().transfer).toBeGreaterThan(1000);
  });
});
