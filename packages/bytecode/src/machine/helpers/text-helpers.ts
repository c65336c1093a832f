import { decodeUtf8, encodeUtf8 } from "../../utf8.ts";
import { EINVAL, ERANGE } from "../errno.ts";
import type { Memory } from "../memory.ts";
import { formatText } from "./format-text.ts";
import type { HelperCall, Helpers } from "./helper-call.ts";

const MOST_TEXT = 1 << 20;

function words(memory: Memory, address: bigint, length: number): bigint[] {
  return Array.from({ length: Math.floor(length / 8) }, (_, index) => memory.load(address + BigInt(index * 8), 64));
}

/** Text of a format in memory with its values, undefined when the kernel would not take it. */
function formatted(call: HelperCall, format: bigint, limit: number, values: readonly bigint[]): string | undefined {
  const bytes = call.memory.readText(format, limit);
  return bytes && formatText(decodeUtf8(bytes), values, call.memory);
}

function trace(call: HelperCall, values: readonly bigint[]): bigint {
  const text = formatted(call, call.argument(0), call.word(1), values);
  if (text === undefined) return EINVAL;
  // A line ends by itself, as in the kernel's buffer.
  call.surroundings.trace.push(text.replace(/\n$/, ""));
  return BigInt(encodeUtf8(text).length);
}

/** `bpf_strtol` and `bpf_strtoul`: how many bytes the number took, which is written to the last argument. */
function parseNumber(call: HelperCall, isSigned: boolean): bigint {
  const length = Number(call.argument(1));
  const flags = call.argument(2);
  const base = Number(flags & 0x1fn);
  if (length === 0 || ![0, 8, 10, 16].includes(base) || (flags & ~0x1fn) !== 0n) return EINVAL;
  const text = decodeUtf8(call.bytes(0, length));
  const [, space = "", sign = "", rest = ""] = /^(\s*)(-?)([\s\S]*)$/.exec(text) ?? [];
  if (sign !== "" && !isSigned) return EINVAL;
  const { digits, radix } = digitsOf(rest, base);
  if (digits === "") return EINVAL;
  const prefix = { 16: "0x", 10: "", 8: "0o" }[radix] ?? "";
  const magnitude = BigInt(`${prefix}${digits}`);
  const value = sign === "" ? magnitude : -magnitude;
  if ((isSigned ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value)) !== value) return ERANGE;
  call.memory.store(call.argument(3), 64, value);
  const hexadecimal = radix === 16 && /^0x/i.test(rest) ? 2 : 0;
  return BigInt(space.length + sign.length + hexadecimal + digits.length);
}

function digitsOf(text: string, base: number): { readonly digits: string; readonly radix: 8 | 10 | 16 } {
  const isHexadecimal = /^0x[0-9a-f]/i.test(text);
  const radix = base !== 0 ? base : isHexadecimal ? 16 : text.startsWith("0") ? 8 : 10;
  if (radix === 16) return { radix, digits: /^(?:0x)?([0-9a-f]*)/i.exec(text)?.[1] ?? "" };
  if (radix === 8) return { radix, digits: /^[0-7]*/.exec(text)?.[0] ?? "" };
  return { radix: 10, digits: /^[0-9]*/.exec(text)?.[0] ?? "" };
}

export const textHelpers: Helpers = {
  bpf_trace_printk: (call) => {
    // Only so many registers are read as the format asks for.
    const format = call.memory.readText(call.argument(0), call.word(1));
    const count = format === undefined ? 0 : (decodeUtf8(format).replaceAll("%%", "").match(/%/g)?.length ?? 0);
    if (count > 3) return EINVAL;
    return trace(
      call,
      Array.from({ length: count }, (_, index) => call.argument(2 + index)),
    );
  },
  bpf_trace_vprintk: (call) => trace(call, words(call.memory, call.argument(2), call.word(3))),
  bpf_snprintf: (call) => {
    const size = call.word(1);
    const values = words(call.memory, call.argument(3), call.word(4));
    const text = formatted(call, call.argument(2), MOST_TEXT, values);
    if (text === undefined) return EINVAL;
    const bytes = encodeUtf8(text);
    if (size > 0) {
      const target = new Uint8Array(Math.min(size, bytes.length + 1));
      target.set(bytes.subarray(0, target.length - 1));
      call.memory.write(call.argument(0), target);
    }
    return BigInt(bytes.length + 1);
  },
  bpf_seq_printf: (call) => {
    const values = words(call.memory, call.argument(3), call.word(4));
    const text = formatted(call, call.argument(1), call.word(2), values);
    if (text === undefined) return EINVAL;
    call.run.output.push(encodeUtf8(text));
    return 0n;
  },
  bpf_seq_write: (call) => {
    call.run.output.push(call.bytes(1, call.word(2)));
    return 0n;
  },
  bpf_strncmp: (call) => {
    const length = call.word(1);
    const left = call.bytes(0, length);
    for (const [index, byte] of left.entries()) {
      const right = Number(call.memory.load(call.argument(2) + BigInt(index), 8));
      if (byte !== right) return byte < right ? -1n : 1n;
      if (byte === 0) return 0n;
    }
    return 0n;
  },
  bpf_strtol: (call) => parseNumber(call, true),
  bpf_strtoul: (call) => parseNumber(call, false),
};
