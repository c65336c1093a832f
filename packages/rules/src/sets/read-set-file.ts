import type { PortRange } from "./port-set.ts";
import { entryOf } from "./set-entry.ts";

const NEWLINE = 10;
const [SPACE, TAB, RETURN, HASH, DOT, SLASH, ZERO, NINE] = [32, 9, 13, 35, 46, 47, 48, 57] as const;
/** The most mistakes that are told: a file of another kind has one in each line. */
const MOST_MISTAKES = 20;

/** A line that is no entry. */
export interface SetFileMistake {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in bytes. */
  readonly column: number;
  readonly message: string;
}

/** What a file lists, by kind. */
export interface SetFileEntries {
  /** As `Ipv4Set.build` takes them, in the file's order. */
  readonly ipv4: Float64Array<ArrayBuffer>;
  /** As `Ipv6Set.build` takes them: five numbers each. */
  readonly ipv6: Uint32Array<ArrayBuffer>;
  readonly ports: readonly PortRange[];
  /** As `MacSet.build` takes them. */
  readonly macs: Float64Array<ArrayBuffer>;
  /** The first twenty. */
  readonly mistakes: readonly SetFileMistake[];
  /** Of all lines. */
  readonly mistakeCount: number;
}

/** Numbers whose count is not known before. */
class Growing<A extends Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>> {
  #numbers: A;
  readonly #make: (length: number) => A;
  #count = 0;

  constructor(make: (length: number) => A) {
    this.#make = make;
    this.#numbers = make(1024);
  }

  push(number: number): void {
    if (this.#count === this.#numbers.length) {
      const larger = this.#make(this.#count * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#count++] = number;
  }

  get all(): A {
    const exact = this.#make(this.#count);
    exact.set(this.#numbers.subarray(0, this.#count));
    return exact;
  }
}

/**
 * Reads a list of entries, one a line: addresses and prefixes of IPv4 and IPv6, ports and ranges of them (`6000-6063`), hardware addresses. What follows
 * `#` is a comment. Mistakes are collected, with their places; what comes twice is left for the set to count.
 *
 * @example
 * ```ts
 * const { ipv4, mistakes } = readSetFile(readFileSync("blocklist.txt"), "blocklist.txt");
 * for (const { file, line, column, message } of mistakes) console.error(`${file}:${line}:${column}: ${message}`);
 * ```
 */
export function readSetFile(bytes: Uint8Array, file: string): SetFileEntries {
  const ipv4 = new Growing((length) => new Float64Array(length));
  const ipv6 = new Growing((length) => new Uint32Array(length));
  const macs = new Growing((length) => new Float64Array(length));
  const ports: PortRange[] = [];
  const mistakes: SetFileMistake[] = [];
  let mistakeCount = 0;
  let line = 0;
  for (let at = beginning(bytes); at < bytes.length; ) {
    line += 1;
    const prefix = plainIpv4(bytes, at);
    if (prefix >= 0) {
      ipv4.push(prefix);
      at = plainEnd;
      continue;
    }
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline < 0 ? bytes.length : newline;
    const [from, to] = wordIn(bytes, at, end);
    if (from < to) {
      const entry = entryOf(String.fromCharCode(...bytes.subarray(from, Math.min(to, from + LONGEST))));
      if (entry.kind === "ipv4") ipv4.push(entry.prefix);
      else if (entry.kind === "ipv6")
        for (const number of [...entry.prefix.words, entry.prefix.length]) ipv6.push(number);
      else if (entry.kind === "ports") ports.push(entry.range);
      else if (entry.kind === "mac") macs.push(entry.mac);
      else {
        mistakeCount += 1;
        const column = from - at + entry.at + 1;
        if (mistakes.length < MOST_MISTAKES) mistakes.push({ file, line, column, message: entry.message });
      }
    }
    at = end + 1;
  }
  return { ipv4: ipv4.all, ipv6: ipv6.all, ports, macs: macs.all, mistakes, mistakeCount };
}

/** Behind what some editors put before UTF-8. */
function beginning([first, second, third]: Uint8Array): number {
  return first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0;
}

/** Longer than any entry is. */
const LONGEST = 100;

/** Where the entry of a line begins and ends: without blanks around it, and without a comment. */
function wordIn(bytes: Uint8Array, start: number, end: number): readonly [from: number, to: number] {
  let to = end;
  for (let at = start; at < end; at++) {
    if (bytes[at] === HASH) {
      to = at;
      break;
    }
  }
  let from = start;
  while (from < to && isBlank(bytes[from])) from += 1;
  while (to > from && isBlank(bytes[to - 1])) to -= 1;
  return [from, to];
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB || byte === RETURN;
}

/** Behind the line that `plainIpv4` has read. A result of two numbers would be an object for each line. */
let plainEnd = 0;

/** The prefix of a line that is nothing but an address of IPv4, with a length or not, in the usual form; -1 for any other line. */
function plainIpv4(bytes: Uint8Array, start: number): number {
  let at = start;
  let address = 0;
  for (let part = 0; part < 4; part++) {
    const first = bytes[at] ?? 0;
    if (first < ZERO || first > NINE) return -1;
    let value = first - ZERO;
    let next = bytes[++at] ?? NEWLINE;
    if (next >= ZERO && next <= NINE) {
      if (value === 0) return -1;
      value = value * 10 + next - ZERO;
      next = bytes[++at] ?? NEWLINE;
      if (next >= ZERO && next <= NINE) {
        value = value * 10 + next - ZERO;
        next = bytes[++at] ?? NEWLINE;
        if (value > 255) return -1;
      }
    }
    address = address * 256 + value;
    if (part < 3) {
      if (next !== DOT) return -1;
      at += 1;
    }
  }
  let length = 32;
  if (bytes[at] === SLASH) {
    const first = bytes[++at] ?? 0;
    if (first < ZERO || first > NINE) return -1;
    length = first - ZERO;
    const next = bytes[++at] ?? NEWLINE;
    if (next >= ZERO && next <= NINE) {
      if (length === 0) return -1;
      length = length * 10 + next - ZERO;
      at += 1;
    }
    if (length > 32 || address % 2 ** (32 - length) !== 0) return -1;
  }
  if (at < bytes.length && bytes[at] !== NEWLINE) return -1;
  plainEnd = at + 1;
  return address * 64 + length;
}
