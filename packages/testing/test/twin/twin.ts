import { execFileSync } from "node:child_process";
import { mkdtempDisposableSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ObjectSpec, readObject } from "@weir/bytecode";
import { bytes, i64, struct, u32, u64 } from "@weir/bytecode/layout";
import { loadForTest, type ObjectUnderTest, type ProgramUnderTest, type TestRun } from "@weir/testing";
import { expect } from "vitest";

/** `struct request` of prelude.h. */
const Request = struct({
  header: bytes(16),
  kind: u32,
  number: u32,
  flags: u64,
  key: bytes(8),
  value: bytes(16),
  result: i64,
  answer: bytes(16),
});
export const REQUEST_SIZE = Request.size;

/** What a packet asks of a program. */
export interface Asked {
  readonly kind?: number;
  readonly number?: number;
  readonly flags?: bigint;
  readonly key?: Uint8Array;
  readonly value?: Uint8Array;
  readonly answer?: Uint8Array;
}

/** The object that clang makes of a file beside this one. */
export function objectOfC(name: string): ObjectSpec {
  using folder = mkdtempDisposableSync(join(tmpdir(), "weir-twin-"));
  const object = join(folder.path, "twin.o");
  const source = join(import.meta.dirname, name);
  execFileSync("clang", ["-O2", "-g", "-target", "bpf", "-mcpu=v3", "-c", source, "-o", object]);
  return readObject(readFileSync(object));
}

/** The same object in the machine and in the kernel: whatever is asked of one is asked of the other, and they must agree. */
export class Twin implements Disposable {
  readonly machine: ObjectUnderTest;
  readonly kernel: ObjectUnderTest;

  private constructor(machine: ObjectUnderTest, kernel: ObjectUnderTest) {
    this.machine = machine;
    this.kernel = kernel;
  }

  static async load(object: ObjectSpec): Promise<Twin> {
    return new Twin(await loadForTest(object, { in: "machine" }), await loadForTest(object, { in: "kernel" }));
  }

  /** Does the same to both. */
  both<T>(change: (object: ObjectUnderTest) => T): T {
    const [machine, kernel] = [change(this.machine), change(this.kernel)];
    expect(machine).toEqual(kernel);
    return machine;
  }

  /** Asks a program of both; gives what they answered. */
  ask(
    program: string,
    asked: Asked,
    packetLength = REQUEST_SIZE,
  ): { readonly verdict: TestRun["verdict"]; readonly result: bigint } {
    const { verdict, packet } = this.run(program, packetOf(asked, packetLength), JSON.stringify(asked, text));
    const result =
      packet.length < REQUEST_SIZE ? 0n : new DataView(packet.buffer, packet.byteOffset).getBigInt64(56, true);
    return { verdict, result };
  }

  run(program: string, packet: Uint8Array, said: string, around: Parameters<ProgramUnderTest["run"]>[1] = {}): TestRun {
    const [machine, kernel] = [this.machine, this.kernel].map((object) => object.program(program).run(packet, around));
    if (machine === undefined || kernel === undefined) throw new Error("there are two");
    const [left, right] = [machine, kernel].map(({ result, packet, metadata }) => ({
      result,
      packet: hex(packet),
      metadata: hex(metadata),
    }));
    expect(left, `${program} ${said}`).toEqual(right);
    return kernel;
  }

  [Symbol.dispose](): void {
    this.machine[Symbol.dispose]();
    this.kernel[Symbol.dispose]();
  }
}

export function packetOf({ kind = 0, number = 0, flags = 0n, key, value, answer }: Asked, length: number): Uint8Array {
  const packet = new Uint8Array(Math.max(length, REQUEST_SIZE));
  const view = new DataView(packet.buffer);
  view.setUint32(16, kind, true);
  view.setUint32(20, number, true);
  view.setBigUint64(24, flags, true);
  if (key !== undefined) packet.set(key, 32);
  if (value !== undefined) packet.set(value, 40);
  if (answer !== undefined) packet.set(answer, 64);
  for (let at = REQUEST_SIZE; at < packet.length; at++) packet[at] = at * 7;
  return packet.subarray(0, length);
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const text = (_: string, value: unknown): unknown =>
  typeof value === "bigint" ? `${value}n` : value instanceof Uint8Array ? hex(value) : value;
