import { calculate } from "./meaning/calculate.ts";
import { LENGTH_OF_IP6 } from "./meaning/headers.ts";
import { isSo, type NumberValue, type Predicate, type ProtocolChain, type Read } from "./meaning/predicate.ts";

/** A frame: what there is of it, and how long it was. */
interface Frame {
  readonly bytes: Uint8Array;
  readonly length: number;
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
export function holds(predicate: Predicate, bytes: Uint8Array, length: number): boolean {
  try {
    return isTrue(predicate, { bytes, length });
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

function readOf({ bytes, at, behind, index }: Read, frame: Frame): number {
  const added = index === undefined ? 0 : numberOf(index, frame);
  const header = behind === undefined ? 0 : 4 * (byteAt(frame, behind) & 0x0f);
  // What is added is a number of 32 bits; the place that it gives does not wrap.
  const from = at + ((header + added) >>> 0);
  let number = 0;
  for (let offset = 0; offset < bytes; offset++) number = number * 256 + byteAt(frame, from + offset);
  return number;
}

function byteAt({ bytes }: Frame, at: number): number {
  return bytes[at] ?? noMatch();
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

function isInChain({ version, protocol, at }: ProtocolChain, frame: Frame): boolean {
  let next = byteAt(frame, at + (version === 4 ? 9 : 6));
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
