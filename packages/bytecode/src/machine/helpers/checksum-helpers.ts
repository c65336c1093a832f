import { EFAULT, EINVAL } from "../errno.ts";
import type { HelperCall, Helpers } from "./helper-call.ts";

const ALL_ONES = 0xffff_ffffn;

/** Adds in 32 bits, and the carry again: 0 comes of nothing but zeros (`csum_add`). */
function add(left: bigint, right: bigint): bigint {
  const sum = left + right;
  return sum > ALL_ONES ? sum - ALL_ONES : sum;
}

/** The sum of words as a little-endian machine loads them (`csum_partial`). */
function sumOf(bytes: Uint8Array, seed: bigint): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let sum = seed;
  for (let at = 0; at < bytes.length; at += 4) sum = add(sum, BigInt(view.getUint32(at, true)));
  return sum;
}

/** A sum in 16 bits, the carries added again. */
function fold(sum: bigint): bigint {
  let folded = sum;
  while (folded > 0xffffn) folded = (folded & 0xffffn) + (folded >> 16n);
  return folded;
}

const complement = (sum: bigint): bigint => 0xffffn - fold(sum);

/** Changes a checksum in the packet by what a value changes in what it covers. */
function replace(call: HelperCall, from: bigint, to: bigint, isNoneWhenZero: boolean): bigint {
  const offset = call.word(1);
  const bytes = call.packet.copyOut(offset, 2);
  const before = BigInt((bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8));
  // UDP over IPv4 without a checksum has none afterwards either.
  if (isNoneWhenZero && before === 0n) return 0n;
  const sum = complement(complement(before) + complement(from) + to);
  const after = Number(isNoneWhenZero && sum === 0n ? 0xffffn : sum);
  call.packet.copyIn(offset, Uint8Array.of(after & 0xff, after >> 8));
  return 0n;
}

/** `BPF_F_HDR_FIELD_MASK`, `BPF_F_PSEUDO_HDR`, `BPF_F_MARK_MANGLED_0`, `BPF_F_MARK_ENFORCE`, `BPF_F_IPV6`. */
const SIZE = 0xfn;
const PSEUDO_HEADER = 0x10n;
const MANGLED_ZERO = 0x20n;
const ENFORCE = 0x40n;
const IPV6 = 0x80n;

function replaceField(call: HelperCall, known: bigint, isNoneWhenZero: boolean): bigint {
  const [from, to, flags] = [call.argument(2), call.argument(3), call.argument(4)];
  if ((flags & ~known) !== 0n) return EINVAL;
  const offset = call.word(1);
  if (offset > 0xffff || offset % 2 !== 0 || offset + 2 > call.packet.length) return EFAULT;
  switch (flags & SIZE) {
    case 0n:
      return from === 0n ? replace(call, 0n, BigInt.asUintN(32, to), isNoneWhenZero) : EINVAL;
    case 2n:
      return replace(call, BigInt.asUintN(16, from), BigInt.asUintN(16, to), isNoneWhenZero);
    case 4n:
      return replace(call, BigInt.asUintN(32, from), BigInt.asUintN(32, to), isNoneWhenZero);
    default:
      return EINVAL;
  }
}

export const checksumHelpers: Helpers = {
  // As since Linux 6.13: the sum is folded.
  bpf_csum_diff: (call) => {
    const [fromSize, toSize] = [call.word(1), call.word(3)];
    const seed = BigInt.asUintN(32, call.argument(4));
    if (fromSize % 4 !== 0 || toSize % 4 !== 0) return EINVAL;
    if (fromSize === 0 && toSize === 0) return seed;
    if (fromSize === 0) return fold(sumOf(call.bytes(2, toSize), seed));
    const from = call.bytes(0, fromSize);
    if (toSize === 0) return fold(ALL_ONES - sumOf(from, ALL_ONES - seed));
    return fold(add(sumOf(call.bytes(2, toSize), seed), ALL_ONES - sumOf(from, 0n)));
  },
  bpf_l3_csum_replace: (call) => replaceField(call, SIZE, false),
  bpf_l4_csum_replace: (call) => {
    const mangled = (call.argument(4) & MANGLED_ZERO) !== 0n && (call.argument(4) & ENFORCE) === 0n;
    return replaceField(call, SIZE | PSEUDO_HEADER | MANGLED_ZERO | ENFORCE | IPV6, mangled);
  },
};
