import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import type { ObjectSpec } from "@weir/bytecode";
import { i32, struct, u16, u32, u64 } from "@weir/bytecode/layout";
import {
  ArrayMap,
  attachIterator,
  attachTcx,
  attachTracepoint,
  attachXdp,
  type BpfProgram,
  findInterface,
  inNetworkNamespace,
  type LoadedObject,
  type LoadOptions,
  LruHashMap,
  loadObject,
} from "@weir/kernel";
import { NetworkNamespace, vethPair } from "@weir/laboratory";
import { expect, test } from "vitest";
import { compile } from "../../src/index.ts";
import { compileFixture } from "../fixture-programs.ts";

const Numbers = struct({ first: u64, second: u64, third: u64 });

function objectOf(): ObjectSpec {
  const { object } = compileFixture("kernel-functions");
  if (object === undefined) throw new Error("kernel-functions has mistakes");
  return object;
}

function programOf(object: LoadedObject, name: string, options?: LoadOptions): BpfProgram {
  const found = object.program(name, options);
  if (found.kind !== "loaded") throw new Error(`there is no program ${name}`);
  return found.program;
}

const numbersOf = (object: LoadedObject) => ArrayMap.of(object.map("NUMBERS"), { value: Numbers }).at(0);

test("structures that were acquired are read, handed on and released", () => {
  const spec = objectOf();
  const program = spec.programs.get("tasks");
  if (program === undefined) throw new Error("there is no such program");
  using object = loadObject(spec);
  using link = attachTracepoint(programOf(object, "tasks"), program);
  expect(link).toBeDefined();
  spawnSync("true");
  const tasks = LruHashMap.of(object.map("TASKS"), { key: i32, value: Numbers });
  // This process, which is in the root of all control groups, whose level is 0.
  expect(tasks.get(process.pid)).toEqual({ first: BigInt(process.pid), second: 1n, third: 1n });
});

test("what the program was given is the kernel's own structure", () => {
  using object = loadObject(objectOf());
  expect(programOf(object, "contexts").testRun({ data: new Uint8Array(64) }).verdict).toBe(2);
  // A test run comes from the loopback interface, and this process asks for it.
  expect(numbersOf(object)).toEqual({ first: 1n, second: 64n, third: BigInt(process.pid) });
  expect(programOf(object, "buffers").testRun({ data: new Uint8Array(64) }).verdict).toBe(0);
  expect(numbersOf(object).first).toBe(64n);
});

test("a callback hands on what the program was given", () => {
  using object = loadObject(objectOf());
  expect(programOf(object, "connections_in_turns").testRun({ data: new Uint8Array(64) }).verdict).toBe(2);
});

test("sockets that an iterator comes to are closed", async () => {
  using object = loadObject(objectOf());
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const client = connect(address.port, "127.0.0.1");
  const [accepted]: Socket[] = await once(server, "connection");
  if (accepted === undefined) throw new Error("the server has no connection");
  const reset = [client, accepted].map((one) => new Promise<Error>((resolve) => void one.once("error", resolve)));
  ArrayMap.of(object.map("NUMBERS"), { value: Numbers }).set(0, { first: BigInt(address.port), second: 0n, third: 0n });
  using link = attachIterator(programOf(object, "end_connections"));
  link.read();
  for (const error of await Promise.all(reset)) expect(String(error)).toMatch(/ECONNRESET|ECONNABORTED/);
  // The one that listens, and the one that was accepted.
  expect(numbersOf(object).second).toBe(2n);
  server.close();
});

const Seen = struct({ packets: u64, hash: u32, type: u32, protocol: u16, control: u16, failures: u32, timed: u32 });
const metadata = fileURLToPath(new URL("../fixtures/bound/metadata.bpf.ts", import.meta.url));

test("what the driver knows of a packet is told a program that is loaded for its interface", () => {
  const { object: spec } = compile(metadata, { kernel: "6.8" });
  if (spec === undefined) throw new Error("metadata has mistakes");
  using left = NetworkNamespace.create({ ipv6: "off" });
  using right = NetworkNamespace.create({ ipv6: "off" });
  vethPair(left, right);
  using object = loadObject(spec);
  expect(() => object.program("metadata")).toThrow("Load it for the interface");
  inNetworkNamespace(left.path, () => {
    const program = programOf(object, "metadata", { boundTo: findInterface("veth0").index });
    using attachment = attachXdp({ interface: "veth0", program, mode: "drv" });
    expect(attachment.mode).toBe("drv");
    right.run("ip", ["address", "add", "10.99.0.2/24", "dev", "veth0"]);
    // Nobody has these addresses; the question who has them goes out.
    const send = (target: string) => right.run("bash", ["-c", `echo > /dev/udp/${target}/9`]);
    send("10.99.0.1");
    using tagging = inNetworkNamespace(right.path, () =>
      attachTcx({ interface: "veth0", direction: "egress", program: programOf(object, "tag") }),
    );
    expect(tagging).toBeDefined();
    send("10.99.0.3");
    const seen = ArrayMap.of(object.map("SEEN"), { value: Seen });
    const [untagged, tagged] = [seen.at(0), seen.at(1)];
    expect(untagged.packets).toBeGreaterThan(0n);
    expect(untagged).toMatchObject({ protocol: 0, control: 0, failures: 0 });
    expect(tagged.packets).toBeGreaterThan(0n);
    expect(tagged).toMatchObject({ protocol: 0x8100, control: 7, failures: 0 });
  });
});
