/** A piece of the language at work: what a program that uses it gives, computed by hand. */
export interface Construct {
  readonly name: string;
  /** What stands before the program. */
  readonly declarations?: string;
  /** The body of `program`, or the whole of it with others beside it. */
  readonly body: string;
  /** The verdict of each run; every run gets {@link frame}. */
  readonly verdicts: readonly number[];
  /** Where it is read twice from memory, the verifier does not see that a number is the one that was compared. */
  readonly readsTwice?: true;
}

/** 64 bytes that count up from 1, so that the byte at an offset is the offset and 1. */
export const frame: Uint8Array = Uint8Array.from({ length: 64 }, (_, index) => index + 1);

/** The text of the file in which a construct stands. */
export const sourceOf = ({ declarations = "", body }: Construct): string =>
  [
    `import { array, be16, be32, be64, bool, bytes, type Elements, i8, i16, i32, i64, type Layout, packed, struct, type StructLayout, u8, u16, u32, u64, type Value } from "@weir/bytecode/layout";`,
    `import { type ArrayMap, arrayMap, atomicAdd, atomicCompareExchange, atomicExchange, atomicXor, config, cpuNumber, global, globalFunction, type HashMap, hashMap, htonl, htons, loop, metadata, ntohl, ntohs, perCpuArrayMap, perCpuHashMap, range, readOnly, subprogram, table, view, programArray, XDP_ABORTED, XDP_DROP, XDP_PASS, type XdpAction, type XdpPacket, xdp } from "@weir/compiler/language";`,
    "const Header = struct({ first: u8, second: u8, inner: struct({ x: u8, y: u8 }), word: be32, rest: bytes(8) });",
    declarations,
    body.includes("export const program") ? body : `export const program = xdp((packet) => {\n${body}\n});`,
  ].join("\n");
