import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type NetworkNamespace, requireRoot, requireTool, runCommand, tryCommand } from "@weir/laboratory";
import { ethernet } from "@weir/testing";
import { afterAll, describe, expect, test } from "vitest";
import { network, sendUdp, WATCHED } from "./network.ts";
import { RunningWeir, weir, weirWords } from "./weir.ts";

const missing = requireRoot() ?? requireTool("ip", "nsenter", "bpftool");
const TEXT = readFileSync(new URL("../../../../docs/json.md", import.meta.url), "utf8");

describe.skipIf(missing)("the fields that docs/json.md names are those printed by", () => {
  // Another test's status may be quicker to remove what is left.
  test("attach, stats, check and status", { retry: 3 }, async () => {
    using net = network();
    // The loopback interface cannot do native mode: that shows the fallback.
    const attached = fields(["attach", "lo", "--json"], net.near);
    weir(["attach", WATCHED], net.near);
    try {
      expect(attached).toEqual(documented("weir attach"));
      await sendUdp(net.far, 1);
      expect(fields(["stats", WATCHED, "--json"], net.near)).toEqual(documented("weir watch, weir stats"));
      expect(fields(["check", WATCHED, "--json"], net.near)).toEqual(documented("weir check"));
      net.near.run("ip", ["link", "delete", WATCHED]);
      expect(fields(["status", "--json"], net.near)).toEqual(documented("weir status"));
    } finally {
      weir(["detach", WATCHED], net.near);
      weir(["detach", "lo"], net.near);
    }
  });

  test("detect", () => {
    using net = network();
    const tried = fields(["detect", WATCHED, "--try", "--json"], net.near);
    weir(["attach", WATCHED], net.near);
    try {
      const attached = fields(["detect", WATCHED, "--json"], net.near);
      // Where the kernel tells it.
      const printed = new Set([...tried, ...attached].filter((name) => name !== "kernel.lockdown"));
      expect([...printed].sort()).toEqual(documented("weir detect"));
    } finally {
      weir(["detach", WATCHED], net.near);
    }
  });

  test("balance", () => {
    using net = network();
    const printed = fields(["balance", "cpus", WATCHED, "--cpus", "0", "--duration", "0.2", "--json"], net.near);
    expect(printed.filter((name) => name.startsWith("steering"))).toEqual(documented("weir balance"));
  });

  test("watch, in addition, when an interface is back", async () => {
    using net = network();
    using watch = new RunningWeir(["watch", WATCHED, "--json", "--interval", "0.1"], net.near);
    await watch.started();
    net.near.run("ip", ["link", "delete", WATCHED]);
    net.near.run("ip", ["link", "add", WATCHED, "type", "veth", "peer", "name", "other"]);
    await watch.until(({ stdout }) => stdout.includes('"earlier"'));
    const added = paths(JSON.parse(watch.lastLine())).filter((name) => name.startsWith("earlier"));
    expect(added).toEqual(documented("What following adds"));
  });

  test("stats and watch, in addition, when they sample", async () => {
    using net = network();
    const known = new Set(documented("weir watch, weir stats"));
    const added = new Set<string>();
    const note = (names: readonly string[]) => {
      expect(names).toEqual(expect.arrayContaining([...known]));
      for (const name of names) if (!known.has(name)) added.add(name);
    };
    for (const sample of ["1/1", "flow:1/1"]) {
      expect(fields(["attach", WATCHED, "--sample", sample, "--json"], net.near)).toContain("sample");
      try {
        await sendUdp(net.far, 3);
        note(fields(["stats", WATCHED, "--json"], net.near));
        expect(fields(["status", "--json"], net.near)).toContain("attached[].sample");
      } finally {
        weir(["detach", WATCHED], net.near);
      }
    }
    const { stdout } = weir(["watch", WATCHED, "--budget", "50%", "--duration", "0.2", "--json"], net.near);
    const budget = paths(JSON.parse(stdout)).filter((name) => name.startsWith("sampling."));
    expect([...added, ...budget].filter((name, index, all) => all.indexOf(name) === index).sort()).toEqual(
      documented("What sampling adds"),
    );
  });

  test("replay", () => {
    const [node, words] = weirWords(["replay", "-", "--json"]);
    const input = capture(ethernet().ipv4().udp().toBytes());
    // Node gives a child a socket, which cannot be opened as /dev/stdin; a shell gives a pipe.
    const { stdout } = tryCommand("sh", ["-c", 'cat | "$@"', "sh", node, ...words], { input });
    expect(paths(JSON.parse(stdout))).toEqual(documented("weir replay"));
  });

  test("replay, in addition, with rules", () => {
    const folder = mkdtempSync(join(tmpdir(), "weir-json-"));
    try {
      const [trace, rules] = [join(folder, "trace.pcap"), join(folder, "rules.yaml")];
      writeFileSync(trace, capture(ethernet().ipv4().udp().toBytes()));
      writeFileSync(rules, "rules: [ { name: few, match: udp, action: { limit: { rate: 1/s } } } ]");
      const known = documented("weir replay");
      const all = documented("What --rules adds to a replay");
      const adds = all.filter((name) => !name.startsWith("frames[]"));
      const ofFrames = all.filter((name) => name.startsWith("frames[]"));
      const words = ["replay", trace, "--rules", rules, "--json"];
      expect(fields(words)).toEqual([...known, ...adds].sort());
      const withFrames = [...known.filter((name) => name !== "frames"), ...adds, ...ofFrames];
      expect(fields([...words, "--frames"])).toEqual(withFrames.sort());
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("rules check", () => {
    const folder = mkdtempSync(join(tmpdir(), "weir-json-"));
    try {
      const [wrong, odd] = [join(folder, "wrong.yaml"), join(folder, "odd.yaml")];
      writeFileSync(wrong, "rules: 5");
      writeFileSync(odd, "rules: []");
      const [node, words] = weirWords(["rules", "check", wrong, odd, "--json"]);
      const { stdout } = tryCommand(node, words);
      expect(paths(JSON.parse(stdout))).toEqual(documented("weir rules check"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("rules try", () => {
    const folder = mkdtempSync(join(tmpdir(), "weir-json-"));
    try {
      const [trace, rules] = [join(folder, "trace.pcap"), join(folder, "rules.yaml")];
      writeFileSync(trace, capture(ethernet().ipv4().udp().toBytes()));
      writeFileSync(
        rules,
        "rules: [ { name: few, match: udp, action: { limit: { rate: 1/s } } }, { name: all, match: '', action: drop } ]",
      );
      const session = { SSH_CONNECTION: "192.0.2.7 50000 192.0.2.1 22" };
      const { stdout } = weir(["rules", "try", rules, "--capture", trace, "--json"], undefined, session);
      const live = /^(interface|seconds|seen|lost)$|^change\./;
      const tried = documented("weir rules try").map((name) => name.slice("[].".length));
      const all = [
        ...tried.filter((name) => !live.test(name)),
        ...documented("What --rules adds to a replay").filter((name) => !name.startsWith("frames[]")),
      ];
      expect(paths(JSON.parse(stdout))).toEqual(all.sort());
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("rules apply, rules list and rules log", async () => {
    using net = network();
    const folder = mkdtempSync(join(tmpdir(), "weir-json-"));
    try {
      const rules = join(folder, "rules.yaml");
      const match = "udp and dst port 7";
      const [limit, log] = [
        { rate: "1/s", burst: 2, per: "source" },
        { rate: "1/s", burst: 2 },
      ];
      const actions = { count: "count", limit: { limit }, log: { log } };
      const times = { from: "2026-01-31T18:00:00Z", until: "2127-01-31T18:00:00Z" };
      const entries = Object.entries(actions).map(([name, action]) => ({
        name,
        match,
        action,
        comment: "on trial",
        ...times,
      }));
      writeFileSync(rules, JSON.stringify({ rules: entries }));
      const applied = fields(["rules", "apply", rules, WATCHED, "--json"], net.near);
      const attached = documented("weir attach").filter((name) => !name.startsWith("fallback"));
      expect(applied).toEqual(attached.map((name) => `[].${name}`));
      await sendUdp(net.far, 1);
      expect(fields(["rules", "list", WATCHED, "--json"], net.near)).toEqual(documented("weir rules list"));
      const logged = weir(["rules", "log", WATCHED, "--json", "--count", "1"], net.near).stdout;
      expect(paths(JSON.parse(logged))).toEqual(documented("weir rules log"));
    } finally {
      weir(["detach", WATCHED], net.near);
      rmSync(folder, { recursive: true });
    }
  });

  test("balance services", () => {
    using net = network();
    net.near.sysctl("net.ipv4.ip_forward", 1);
    const folder = mkdtempSync(join(tmpdir(), "weir-json-"));
    const config = join(folder, "services.json");
    // One that answers, and one that does not.
    const backend = (address: string) => ({ address, mac: "02:00:00:00:00:02" });
    const health = { type: "icmp", interval: 0.1, timeout: 0.05 };
    const service = { name: "one", address: "203.0.113.1", protocol: "tcp", port: 80, health };
    const services = [{ ...service, backends: [backend("192.0.2.2"), backend("192.0.2.99")] }];
    writeFileSync(config, JSON.stringify({ services }));
    try {
      // A veth whose other end has no program sends nothing back in its driver.
      const words = ["balance", "services", WATCHED, "-c", config, "--mode", "skb", "--json", "--duration", "1"];
      const { stdout, stderr } = weir(words, net.near);
      expect(stderr).toBe("");
      const last = stdout.trim().split("\n").at(-1) ?? "";
      expect(paths(JSON.parse(last))).toEqual(documented("weir balance services"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe.skipIf(missing)("the fields that docs/json.md names for programs of one's own are those printed by", () => {
  const fixtures = new URL("../../../compiler/test/fixtures/", import.meta.url).pathname;
  const source = `${fixtures}programs/switch-protocol.bpf.ts`;
  const folder = mkdtempSync(join(tmpdir(), "weir-json-"));
  const object = join(folder, "switch-protocol.o");
  afterAll(() => rmSync(folder, { recursive: true }));

  test("build", () => {
    const words = ["build", "--json", "--disassemble", "--dump-after", "build"];
    expect(fields([...words, source, "-o", object])).toEqual(documented("weir build"));
    expect(fields([...words, `${fixtures}mistakes/packets.bpf.ts`])).toEqual(documented("weir build, with mistakes"));
  });

  test("run", async () => {
    const file = join(folder, "run.bpf.ts");
    const program = (more: string) => `import { bytes, struct, u64 } from "@weir/bytecode/layout";
      import { perCpuArrayMap, XDP_PASS, xdp } from "@weir/compiler/language";
      export const SEEN = perCpuArrayMap({ value: struct({ packets: u64 }), maxEntries: 1 });
      ${more}
      export const count = xdp((packet) => {
        const seen = SEEN.lookup(0);
        if (seen !== null) seen.packets += 1;
        return XDP_PASS;
      });`;
    const also = "export const ALSO = perCpuArrayMap({ value: struct({ first: u64 }), maxEntries: 1 });";
    const endless = "let n: u32 = 1; while (n !== 0) n += packet.length | 1;";
    writeFileSync(file, program(""));
    using net = network();
    using running = new RunningWeir(["run", file, "lo", "--watch", "--json", "--interval", "0.1"], net.near);
    const seen = (event: string) => running.until(({ stdout }) => stdout.includes(`"event":"${event}"`));
    await seen("attached");
    net.near.run("bash", ["-c", "echo > /dev/udp/127.0.0.1/9"]);
    await running.until(({ stdout }) => stdout.includes('"total":1'));
    writeFileSync(file, program(also));
    await seen("replaced");
    writeFileSync(file, program("wrong"));
    await seen("mistakes");
    writeFileSync(file, program("").replace("const seen", `${endless}\nconst seen`).replace("u64 }", "u32, u64 }"));
    await seen("refused");
    const objects = running.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const found = new Set(objects.flatMap((object) => paths(object)).map(withoutNames));
    expect([...found].sort()).toEqual(documented("weir run"));
  });

  test("types", () => {
    const fieldsOf = (words: readonly string[]) => fields(["types", "iphdr", "--json", ...words]);
    const all = new Set([...fieldsOf([]), ...fieldsOf(["-o", join(folder, "kernel.ts")])]);
    expect([...all].sort()).toEqual(documented("weir types"));
  });

  test("new", () => {
    const [node, words] = weirWords(["new", "made", "--json"]);
    const { stdout } = tryCommand("sh", ["-c", `cd ${folder} && exec "$@"`, "sh", node, ...words]);
    expect(paths(JSON.parse(stdout))).toEqual(documented("weir new"));
  });

  test("inspect", () => {
    weir(["build", source, "-o", object]);
    expect(fields(["inspect", object, "--load", "--json"])).toEqual(documented("weir inspect FILE"));
    using net = network();
    const services = new URL("../../../programs/dist/services.bpf.o", import.meta.url).pathname;
    const path = `/sys/fs/bpf/weir-json-${process.pid}`;
    // A program that calls a function of its own, on an interface.
    runCommand("bpftool", ["prog", "load", services, path]);
    try {
      net.near.run("bpftool", ["net", "attach", "xdp", "pinned", path, "dev", WATCHED]);
      expect(fields(["inspect", "--pinned", path, "--json"], net.near)).toEqual(documented("weir inspect --program"));
    } finally {
      rmSync(path);
    }
  });
});

/** A capture file with one frame. */
function capture(frame: Uint8Array): Uint8Array {
  const header = [0xa1b2c3d4, 0x0004_0002, 0, 0, 65_535, 1];
  const words = new Uint32Array([...header, 0, 0, frame.length, frame.length]);
  return Buffer.concat([new Uint8Array(words.buffer), frame]);
}

/** The names of maps and of fields are the program's own. */
function withoutNames(path: string): string {
  return path
    .replace(/^maps\.\w+/, "maps.*")
    .replace(/\.(key|value|cpus\[\])\..*/, ".$1")
    .replace(/^diagnostics.*/, "diagnostics[]");
}

/** The first cells of the table in a section. */
function documented(heading: string): string[] {
  const section = TEXT.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(/^\| `(.*?)` \|/gm)].map(([, name = ""]) => name).sort();
}

function fields(words: readonly string[], namespace?: NetworkNamespace): string[] {
  const { stdout, stderr } = weir(words, namespace);
  expect(stderr).toBe("");
  return paths(JSON.parse(stdout));
}

/** The ways to the values in an object, elements of arrays as `[]` and the counters, which another document names, as `*`. */
function paths(value: unknown): string[] {
  return [...new Set(pathsBelow(value, ""))].sort();
}

function pathsBelow(value: unknown, path: string): string[] {
  if (path === "counters") return ["counters.*"];
  if (Array.isArray(value)) return value.flatMap((element) => pathsBelow(element, `${path}[]`));
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([name, each]) => pathsBelow(each, path === "" ? name : `${path}.${name}`));
}
