import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type NetworkNamespace, requireRoot, requireTool } from "@weir/laboratory";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { linkText, network, sendUdp, WATCHED } from "./network.ts";
import { RunningWeir, weir } from "./weir.ts";

const missing = requireRoot() ?? requireTool("ip", "nsenter");
const REFUSED = new URL("../../../compiler/test/fixtures/refused/", import.meta.url).pathname;

const LEAST = `import { u8 } from "@weir/bytecode/layout";
import { config, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
const LEAST = config("least", u8, 60);
export const drop_short = xdp((packet) => (packet.length < LEAST ? XDP_DROP : XDP_PASS));
`;

const NOWHERE = `import { tpBtf } from "@weir/compiler/language";
export const trace = tpBtf("nowhere", () => {});
`;

/** Counts UDP by source port in one map, and all packets by the version of the program in another. */
const program = (version: number, flows = 64) => `
import { be16, bytes, packed, struct, u8, u64 } from "@weir/bytecode/layout";
import { atomicAdd, hashMap, ntohs, perCpuArrayMap, XDP_PASS, xdp } from "@weir/compiler/language";

const Frame = packed({ macs: bytes(12), etherType: be16, before: bytes(9), protocol: u8, after: bytes(10), port: be16 });
const Count = struct({ packets: u64 });
const Port = struct({ port: be16 });

export const VERSIONS = perCpuArrayMap({ value: Count, maxEntries: 32 });
export const FLOWS = hashMap({ key: Port, value: Count, maxEntries: ${flows} });

export const count_udp = xdp((packet) => {
  const frame = packet.at(Frame, 0);
  const version = VERSIONS.lookup(${version});
  if (frame === null || version === null) return XDP_PASS;
  if (ntohs(frame.etherType) !== 0x0800 || frame.protocol !== 17) return XDP_PASS;
  version.packets += 1;
  const flow = FLOWS.lookup({ port: frame.port });
  if (flow === null) FLOWS.update({ port: frame.port }, { packets: 1 });
  else atomicAdd(flow, "packets", 1);
  return XDP_PASS;
});
`;

interface Event {
  readonly event: string;
  readonly maps: Record<string, { total: number; entries: { key: unknown; value: { packets: number } }[] }>;
  readonly [field: string]: unknown;
}

function events({ stdout }: RunningWeir): Event[] {
  return stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

function lastMaps(running: RunningWeir): Event["maps"] {
  return events(running).findLast(({ event }) => event === "maps")?.maps ?? {};
}

describe.skipIf(missing)("weir run", () => {
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "weir-run-"));
    file = join(folder, "count-udp.bpf.ts");
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const attached = ({ stderr }: RunningWeir) => stderr.includes("runs on");

  test("shows what the maps hold, and leaves nothing", async () => {
    writeFileSync(file, program(3));
    using net = network();
    using running = new RunningWeir(["run", file, WATCHED, "--interval", "0.2"], net.near);
    await running.until(attached);
    expect(running.stderr).toMatch(new RegExp(`^weir: count_udp \\(id \\d+\\) runs on ${WATCHED} \\(drv\\)\n$`));
    expect(linkText(net.near)).toContain(" xdp ");
    await sendUdp(net.far, 30, 3);
    running.process.kill("SIGINT");
    expect(await running.exit).toEqual([0, null]);
    const tables = running.stdout.split("\n\n");
    expect(tables.at(-3)).toMatch(/^VERSIONS {2}per-cpu-array, 1 of 32 elements are not 0\nkey +packets\n3 +30$/m);
    expect(tables.at(-2)).toMatch(/^FLOWS {2}hash, 3 of 64 entries\nport {3}packets\n(2000[012] +10\n?){3}$/);
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test("attaches in the mode that is asked for, with the values that are set, and shows no more than asked for", async () => {
    writeFileSync(file, program(0));
    using net = network();
    const words = ["run", file, WATCHED, "--mode", "skb", "--limit", "1", "--interval", "0.2"];
    using running = new RunningWeir(words, net.near);
    await running.until(attached);
    expect(linkText(net.near)).toContain("xdpgeneric");
    await sendUdp(net.far, 3, 3);
    await running.until(({ stdout }) => stdout.includes("… and 2 more"));
  });

  test("shows what the program prints, and the records that it writes", async () => {
    writeFileSync(
      file,
      `import { struct, u32 } from "@weir/bytecode/layout";
      import { print, ringBuffer, XDP_PASS, xdp } from "@weir/compiler/language";
      const Seen = struct({ length: u32 });
      export const EVENTS = ringBuffer({ size: 4096 });
      export const tell = xdp((packet) => {
        print("saw %d bytes", packet.length);
        const seen: Value<typeof Seen> = { length: packet.length };
        EVENTS.output(seen);
        return XDP_PASS;
      });`.replace('u32 } from "@weir/bytecode', 'u32, type Value } from "@weir/bytecode'),
    );
    using net = network({ quiet: true });
    using running = new RunningWeir(["run", file, WATCHED, "--interval", "0.2"], net.near);
    await running.until(attached);
    // 100 bytes: an ARP request that nobody answers would be 42.
    net.far.run("ip", ["neigh", "add", "192.0.2.1", "lladdr", "02:00:00:00:00:01", "dev", "veth0"]);
    net.far.run("ip", ["address", "add", "192.0.2.2/24", "dev", "veth0"]);
    await sendUdp(net.far, 2);
    // Lines and records come by ways of their own.
    const times = (pattern: RegExp) => running.stdout.match(pattern)?.length ?? 0;
    const [lines, records] = [/^cpu \d+: saw 100 bytes$/gm, /EVENTS: \{ length 100 \}/g];
    await running.until(() => times(lines) >= 2 && times(records) >= 2);
    expect([times(lines), times(records)]).toEqual([2, 2]);
  });

  test("compiles for the running kernel, and loads for the interface what asks its driver", async () => {
    writeFileSync(
      file,
      `import { struct, u32, u64, type Value } from "@weir/bytecode/layout";
      import { arrayMap, XDP_PASS, xdp } from "@weir/compiler/language";
      import { bpf_xdp_metadata_rx_hash } from "@weir/compiler/language/kernel-functions";
      const Word = struct({ value: u32 });
      export const HASHED = arrayMap({ value: struct({ packets: u64 }), maxEntries: 1 });
      export const count_hashed = xdp(() => {
        const hash: Value<typeof Word> = { value: 0 };
        const type: Value<typeof Word> = { value: 0 };
        const hashed = HASHED.lookup(0);
        if (hashed !== null && bpf_xdp_metadata_rx_hash(hash, type) === 0) hashed.packets += 1;
        return XDP_PASS;
      });`,
    );
    using net = network();
    using running = new RunningWeir(["run", file, WATCHED, "--interval", "0.2", "--json"], net.near);
    await running.until(({ stdout }) => stdout.includes('"attached"'));
    await sendUdp(net.far, 5);
    await running.until(() => (lastMaps(running).HASHED?.entries[0]?.value.packets ?? 0) >= 5);
  });

  test("detaches when it is killed", async () => {
    writeFileSync(file, program(0));
    using net = network();
    using running = new RunningWeir(["run", file, WATCHED], net.near);
    await running.until(attached);
    running.process.kill("SIGKILL");
    await running.exit;
    await expect.poll(() => linkText(net.near)).not.toContain("xdp");
  });

  test("ends when its interface goes", async () => {
    writeFileSync(file, program(0));
    using net = network();
    using running = new RunningWeir(["run", file, WATCHED, "--interval", "0.1"], net.near);
    await running.until(attached);
    net.near.run("ip", ["link", "delete", WATCHED]);
    expect(await running.exit).toEqual([7, null]);
  });

  test.each([
    [["mistake.bpf.ts", "lo"], 25, "1 mistake, nothing runs"],
    [["good.bpf.ts"], 2, 'program "count_udp" runs on an interface: say which one'],
    [["good.bpf.ts", "none0"], 5, 'There is no interface named "none0"'],
    [["good.bpf.ts", "lo", "--mode", "drv"], 9, "does not support XDP in native mode"],
    [["good.bpf.ts", "lo", "--program", "other"], 2, 'there is no program "other"; there are count_udp'],
    [["good.bpf.ts", "lo", "--set", "limit=1"], 2, 'the object has no config "limit"'],
    [["two.bpf.ts", "lo"], 2, "an interface takes one XDP program, and there are several: first, second"],
    [[`${REFUSED}compared-too-late.bpf.ts`, "lo"], 26, "compared-too-late.bpf.ts:18:"],
    [["least.bpf.ts", "lo", "--set", "least=-1"], 2, 'config "least" is u8; -1 does not fit'],
    [["nowhere.bpf.ts"], 4, "nowhere.bpf.ts:2:14 failed: this kernel has no tracepoint nowhere"],
  ])("%j ends with %i", (words, code, message) => {
    writeFileSync(join(folder, "good.bpf.ts"), program(0));
    writeFileSync(join(folder, "mistake.bpf.ts"), program(0).replace("packet.at", "packet.on"));
    const passing = (name: string) => `export const ${name} = xdp(() => XDP_PASS);`;
    const two = `import { XDP_PASS, xdp } from "@weir/compiler/language";\n${passing("first")}\n${passing("second")}\n`;
    writeFileSync(join(folder, "two.bpf.ts"), two);
    writeFileSync(join(folder, "least.bpf.ts"), LEAST);
    writeFileSync(join(folder, "nowhere.bpf.ts"), NOWHERE);
    using net = network();
    const [name = "", ...rest] = words;
    const result = weir(["run", name.startsWith("/") ? name : join(folder, name), ...rest], net.near);
    expect(result.stderr).toContain(message);
    expect(result.code).toBe(code);
    expect(linkText(net.near, "lo")).not.toContain("xdp");
  });

  test("prints all that the verifier wrote, on request", () => {
    using net = network();
    const words = ["run", `${REFUSED}compared-too-late.bpf.ts`, "lo"];
    expect(weir(words, net.near).stderr).not.toContain("processed ");
    expect(weir([...words, "--verifier-log"], net.near).stderr).toMatch(/^processed \d+ insns/m);
  });
});

/** Sends UDP from several ports until it is told to stop, and says how many came from each. */
class Sender {
  readonly #process: ReturnType<NetworkNamespace["spawn"]>;
  #text = "";

  constructor(far: NetworkNamespace, ports: number) {
    const script = `import { createSocket } from "node:dgram"; import { once } from "node:events";
      const sockets = await Promise.all(Array.from({ length: ${ports} }, async (_, index) => {
        const socket = createSocket("udp4"); socket.bind(20000 + index); await once(socket, "listening"); return socket; }));
      let stopped = false; process.on("SIGTERM", () => { stopped = true; });
      let rounds = 0;
      for (; !stopped; rounds++) {
        for (const socket of sockets) await new Promise((done) => socket.send("x".repeat(58), 7, "192.0.2.1", done));
        // Lets the signal come through.
        await new Promise((done) => setImmediate(done));
      }
      console.log(rounds); for (const socket of sockets) socket.close();`;
    const words = ["--input-type=module", "-e", script];
    this.#process = far.spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
    this.#process.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#text += text;
    });
  }

  async stop(): Promise<number> {
    const closed = once(this.#process, "close");
    this.#process.kill("SIGTERM");
    await closed;
    return Number(this.#text);
  }
}

describe.skipIf(missing)("weir run --watch", () => {
  const PORTS = 8;
  const REPLACEMENTS = 20;
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "weir-run-watch-"));
    file = join(folder, "count-udp.bpf.ts");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("replaces the program under load: no packet is unseen, none is counted twice", async () => {
    writeFileSync(file, program(0));
    using net = network();
    const words = ["run", file, WATCHED, "--watch", "--json", "--interval", "0.1"];
    using running = new RunningWeir(words, net.near);
    const replaced = () => events(running).filter(({ event }) => event === "replaced");
    await running.until(({ stdout }) => stdout.includes('"event":"attached"'));
    const sender = new Sender(net.far, PORTS);
    await running.until(() => (lastMaps(running).VERSIONS?.total ?? 0) > 0);
    for (let version = 1; version <= REPLACEMENTS; version++) {
      writeFileSync(file, program(version));
      await running.until(() => replaced().length === version);
      // Each version shall have seen some.
      await running.until(() => lastMaps(running).VERSIONS?.total === version + 1);
    }
    const rounds = await sender.stop();
    running.process.kill("SIGINT");
    expect(await running.exit).toEqual([0, null]);

    const { VERSIONS, FLOWS } = lastMaps(running);
    expect(rounds).toBeGreaterThan(100);
    expect(FLOWS?.entries).toHaveLength(PORTS);
    for (const { value } of FLOWS?.entries ?? []) expect(value.packets).toBe(rounds);
    const versions = VERSIONS?.entries.map(({ value }) => value.packets) ?? [];
    expect(versions).toHaveLength(REPLACEMENTS + 1);
    expect(versions.reduce((sum, packets) => sum + packets)).toBe(PORTS * rounds);
    expect(replaced().every(({ fresh }) => Array.isArray(fresh) && fresh.length === 0)).toBe(true);
    expect(running.stderr).toBe("");
  });

  test("keeps what runs while there are mistakes, and starts a map anew that is defined otherwise", async () => {
    writeFileSync(file, program(0));
    using net = network();
    const words = ["run", file, WATCHED, "--watch", "--interval", "0.1"];
    using running = new RunningWeir(words, net.near);
    await running.until(({ stderr }) => stderr.includes("runs on"));
    await sendUdp(net.far, 5);
    writeFileSync(file, program(0).replace("packet.at", "packet.on"));
    await running.until(({ stderr }) => stderr.includes("1 mistake, the version before runs on"));
    expect(running.stderr).toContain("Property 'on' does not exist on type 'XdpPacket'");
    await sendUdp(net.far, 5);
    await running.until(({ stdout }) => /^20000 +10$/m.test(stdout));

    const endless = "let n: u32 = 1; while (n !== 0) n += packet.length | 1;";
    const refused = program(0)
      .replace("u64 }", "u32, u64 }")
      .replace("version.packets += 1;", `${endless} version.packets += 1;`);
    writeFileSync(file, refused);
    await running.until(({ stderr }) => stderr.includes("the kernel rejected program"));
    expect(running.stderr).toMatch(/\n {2}the version before runs on\n$/);

    running.stdout = "";
    writeFileSync(file, program(1, 32));
    await running.until(({ stderr }) => stderr.includes("these maps start anew: FLOWS"));
    await sendUdp(net.far, 5);
    await running.until(({ stdout }) => /^FLOWS {2}hash, 1 of 32 entries\nport {3}packets\n20000 +5$/m.test(stdout));
    expect(running.stdout).toMatch(/^0 +10$/m);
    running.process.kill("SIGINT");
    expect(await running.exit).toEqual([0, null]);
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test("waits for a program that can run", async () => {
    writeFileSync(file, program(0).replace("packet.at", "packet.on"));
    using net = network();
    using running = new RunningWeir(["run", file, WATCHED, "--watch"], net.near);
    await running.until(({ stderr }) => stderr.includes("1 mistake, nothing runs"));
    writeFileSync(file, program(0));
    await running.until(({ stderr }) => stderr.includes("runs on"));
    running.process.kill("SIGTERM");
    expect(await running.exit).toEqual([0, null]);
    expect(readdirSync(folder)).toEqual(["count-udp.bpf.ts"]);
  });
});
