import { calculate } from "./meaning/calculate.ts";
import { LENGTH_OF_ETHERNET, LENGTH_OF_IP6 } from "./meaning/headers.ts";
import {
  type Base,
  isSo,
  type Member,
  type MemberKind,
  MOST_TAGS,
  type NumberValue,
  nextHeaderOf,
  type Predicate,
  type ProtocolChain,
  type Read,
  TAG_TYPES,
} from "./meaning/predicate.ts";

/** A frame: what there is of it, how long it was, and what it is compared with. */
interface Frame {
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly sets: Sets | undefined;
  /** Where its payload begins, once that was asked. */
  payload: number | undefined;
}

/** The sets that expressions ask, by their names. */
export interface Sets {
  /**
   * Whether something is in a set.
   *
   * @param set   its name, without the @
   * @param of    what is looked for
   * @param words its bytes, big-endian: one of 4 bytes for IPv4, four of 4 for IPv6, one of 2 for a port, one of 2 and one of 4 for a MAC
   */
  has(set: string, of: MemberKind, words: readonly number[]): boolean;
}

/** A read behind the end of the frame, or a quotient by zero. */
class NoMatch extends Error {}

const NO_MATCH = new NoMatch();

/**
 * Whether a frame is what an expression asks for.
 *
 * @param bytes  of the frame, from the Ethernet destination address on, as many as were captured
 * @param length of the whole frame
 */
export function holds(predicate: Predicate, bytes: Uint8Array, length: number, sets: Sets | undefined): boolean {
  try {
    return isTrue(predicate, { bytes, length, sets, payload: undefined });
  } catch (error) {
    if (error === NO_MATCH) return false;
    throw error;
  }
}

function isTrue(predicate: Predicate, frame: Frame): boolean {
  switch (predicate.kind) {
    case "constant":
      return predicate.value;
    case "and":
      return isTrue(predicate.left, frame) && isTrue(predicate.right, frame);
    case "not":
      return !isTrue(predicate.operand, frame);
    case "chain":
      return isInChain(predicate, frame);
    case "member":
      return isMember(predicate, frame);
    case "compare":
      return isSo(numberOf(predicate.left, frame), predicate.comparison, numberOf(predicate.right, frame));
  }
}

function numberOf(value: NumberValue, frame: Frame): number {
  switch (value.kind) {
    case "number":
      return value.value;
    case "length":
      return frame.length;
    case "read":
      return readOf(value, frame);
    case "binary":
      return calculate(value.operator, numberOf(value.left, frame), numberOf(value.right, frame)) ?? noMatch();
  }
}

function isMember({ set, of, words }: Member, frame: Frame): boolean {
  const numbers = words.map((word) => readOf(word, frame));
  if (frame.sets === undefined) throw new Error(`@${set} is asked, and matches() was given no sets`);
  return frame.sets.has(set, of, numbers);
}

function readOf({ bytes, base, at, behind, index }: Read, frame: Frame): number {
  const added = index === undefined ? 0 : numberOf(index, frame);
  const start = startOf(base, frame);
  const header = behind === undefined ? 0 : 4 * (byteAt(frame, start + behind) & 0x0f);
  // What is added is a number of 32 bits; the place that it gives does not wrap.
  const from = start + at + ((header + added) >>> 0);
  let number = 0;
  for (let offset = 0; offset < bytes; offset++) number = number * 256 + byteAt(frame, from + offset);
  return number;
}

function byteAt({ bytes }: Frame, at: number): number {
  return bytes[at] ?? noMatch();
}

function startOf(base: Base, frame: Frame): number {
  if (base === "frame") return 0;
  frame.payload ??= payloadOf(frame);
  return frame.payload;
}

/** Behind all tags, or as many as are looked behind. */
function payloadOf(frame: Frame): number {
  let type = LENGTH_OF_ETHERNET - 2;
  for (let tags = 0; isTag(256 * byteAt(frame, type) + byteAt(frame, type + 1)) && tags < MOST_TAGS; tags++) type += 4;
  return type + 2;
}

function isTag(type: number): boolean {
  return TAG_TYPES.some((tagType) => tagType === type);
}

function noMatch(): never {
  throw NO_MATCH;
}

const NO_NEXT_HEADER = 59;
const AUTHENTICATION = 51;
/** Of IPv6: options for every hop and the destination, routing, fragment. */
const EXTENSIONS: ReadonlySet<number> = new Set([0, 60, 43, 44]);
/** More headers than a frame can have; those that lead to each other in a ring never end. */
const MOST_HEADERS = 20_000;

function isInChain(chain: ProtocolChain, frame: Frame): boolean {
  const { version, protocol } = chain;
  const at = startOf(chain.base, frame) + chain.at;
  let next = readOf(nextHeaderOf(chain), frame);
  let offset = version === 4 ? 4 * (byteAt(frame, at) & 0x0f) : LENGTH_OF_IP6;
  for (let headers = 0; headers < MOST_HEADERS; headers++) {
    if (next === protocol || next === NO_NEXT_HEADER) break;
    if (version === 6 && EXTENSIONS.has(next)) {
      next = byteAt(frame, at + offset);
      offset += (byteAt(frame, at + offset + 1) + 1) * 8;
    } else if (next === AUTHENTICATION) {
      next = byteAt(frame, at + offset);
      // libpcap counts from the start of IP here, not from this header.
      offset = (byteAt(frame, at + offset + 1) + 2) * 4;
    } else break;
  }
  return next === protocol;
}
