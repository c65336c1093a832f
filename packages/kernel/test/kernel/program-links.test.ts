import { type ProgramSpec, readObject } from "@weir/bytecode";
import { u32, u64 } from "@weir/bytecode/layout";
import {
  attachIterator,
  attachSocketOperations,
  attachTcx,
  attachTracepoint,
  inNetworkNamespace,
  type LoadedObject,
  loadObject,
  ProgramLink,
} from "@weir/kernel";
import { NetworkNamespace, requirePath, requireTool, vethPair } from "@weir/laboratory";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BpfMount } from "../fixtures/bpf-mount.ts";
import { compileSample } from "../fixtures/clang.ts";
import { ControlGroup } from "../fixtures/control-group.ts";
import { objectSpec, programSpec, VERDICT, verdictProgram } from "../fixtures/pass-object.ts";
import { programOf } from "../fixtures/program-of.ts";

const HEADERS = requirePath("/usr/include/bpf/bpf_core_read.h", "apt install libbpf-dev");
const GROUPS = ControlGroup.root();
/** Connects to itself. */
const CONNECT = `
const { createServer, connect } = require("node:net");
const server = createServer().listen(0, "127.0.0.1", () => connect(server.address().port, "127.0.0.1", () => process.exit()));
`;

describe.skipIf(requireTool("clang") ?? HEADERS)("a program's link", () => {
  let object: LoadedObject;
  let left: NetworkNamespace;
  let right: NetworkNamespace;

  beforeAll(() => {
    object = loadObject(readObject(compileSample("places")));
    left = NetworkNamespace.create();
    right = NetworkNamespace.create();
    vethPair(left, right);
  });

  afterAll(() => {
    object[Symbol.dispose]();
    left[Symbol.dispose]();
    right[Symbol.dispose]();
  });

  const specOf = (name: string): ProgramSpec => {
    const spec = object.spec.programs.get(name);
    if (spec === undefined) throw new Error(`no program ${name}`);
    return spec;
  };

  test.each(["ingress", "egress"] as const)("shows tcx %s the packets, until it is closed", (direction) => {
    const length = object.variable("seen_length", u32);
    // The left end sends what the right end receives.
    const send = (size: number) => left.run("bash", ["-c", `exec 3>/dev/udp/192.0.2.2/9 && printf '%${size}s' '' >&3`]);
    const namespace = direction === "egress" ? left : right;
    {
      using _link = inNetworkNamespace(namespace.path, () =>
        attachTcx({ interface: "veth0", direction, program: programOf(object, "at_edge") }),
      );
      send(200);
      // Headers of Ethernet, IPv4 and UDP.
      expect(length.value).toBe(200 + 14 + 20 + 8);
    }
    length.value = 0;
    send(300);
    expect(length.value).toBe(0);
  });

  test("can be given another program, and be pinned", () => {
    using mount = new BpfMount();
    const pass = { ...verdictProgram("pass", 0), type: "tcx", section: "tc" } as const;
    using other = loadObject(objectSpec([pass]));
    const replacement = programOf(other, "pass");
    const path = mount.file("link");
    {
      using link = inNetworkNamespace(left.path, () =>
        attachTcx({ interface: "veth0", direction: "egress", program: programOf(object, "at_edge") }),
      );
      link.replace(replacement);
      link.pin(path);
    }
    using link = ProgramLink.open(path);
    expect(link.programId).toBe(replacement.id);
  });

  test.skipIf(
    GROUPS === undefined ? requirePath("/sys/fs/cgroup/cgroup.procs", "mount control groups of version 2") : undefined,
  )("shows socket-operations the connections of a control group", () => {
    using group = new ControlGroup(GROUPS ?? "");
    const connected = object.variable("connected", u64);
    const connect = (script: string) => left.run("sh", ["-c", script, group.path, process.execPath, CONNECT]);
    using _link = attachSocketOperations(programOf(object, "on_socket"), group.path);
    connect(`exec "$1" -e "$2"`);
    expect(connected.value).toBe(0n);
    connect(`echo $$ > "$0/cgroup.procs" && exec "$1" -e "$2"`);
    expect(connected.value).toBe(1n);
    expect(object.variable("stored", u64).value).toBe(1n);
    expect(() => attachSocketOperations(programOf(object, "on_socket"), "/nowhere")).toThrow(
      expect.objectContaining({ isNotFound: true }),
    );
  });

  test("goes through the kernel's things, as often as it is read", () => {
    using link = attachIterator(programOf(object, "list"));
    for (let round = 0; round < 2; round++) {
      const processes = link.text().trim().split("\n").map(Number);
      expect(processes).toContain(process.pid);
      expect(processes).toContain(process.ppid);
    }
  });

  test.each(["on_finish", "on_finish_raw"])("runs a program at its tracepoint: %s", (name) => {
    const count = object.variable(name === "on_finish" ? "finished" : "raw", u64);
    using packets = loadObject(objectSpec([verdictProgram("pass", VERDICT.pass)]));
    const pass = programOf(packets, "pass");
    using _link = attachTracepoint(programOf(object, name), specOf(name));
    const before = count.value;
    pass.testRun({ data: new Uint8Array(14) });
    // Other processes may run tests as well.
    expect(count.value).toBeGreaterThan(before);
  });

  test("runs a program at a tracepoint with a record, until it is closed", () => {
    const entered = object.variable("entered", u64);
    const call = () => Array.from({ length: 5 }, () => process.ppid);
    object.variable("wanted", u64).value = BigInt(process.pid);
    {
      using _link = attachTracepoint(programOf(object, "on_getppid"), specOf("on_getppid"));
      call();
      expect(entered.value).toBe(5n);
    }
    call();
    expect(entered.value).toBe(5n);
  });

  test("names the tracepoint that is not there", () => {
    const spec = { ...programSpec("never", []), type: "tracepoint", section: "tp/weather/rain" } as const;
    expect(() => attachTracepoint(programOf(object, "on_getppid"), spec)).toThrow(
      /tracepoint weather\/rain failed: ENOENT\n.*no such tracepoint/,
    );
  });
});
