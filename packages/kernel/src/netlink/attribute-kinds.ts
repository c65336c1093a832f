import { decodeAttributes } from "./attributes.ts";

/**
 * What the bytes of an attribute mean. Attributes may be repeated, so a kind is given the payloads of all with its number.
 *
 * Bytes that do not fit give `undefined`: not known, as if the attribute were not there.
 */
export interface AttributeKind<Value> {
  decode(payloads: readonly Uint8Array[]): Value | undefined;
  encode(value: Value): readonly Uint8Array[];
}

/** A kind of which one is expected; of several the last counts, as in the kernel. */
export function single<Value>(
  decode: (payload: Uint8Array) => Value | undefined,
  encode: (value: Value) => Uint8Array,
): AttributeKind<Value> {
  return {
    decode: (payloads) => {
      const last = payloads.at(-1);
      return last && decode(last);
    },
    encode: (value) => [encode(value)],
  };
}

/** An unsigned number. What is sent has a size; what is received may have another, since the kernel has widened some. */
const unsigned = (size: 1 | 2 | 4 | 8): AttributeKind<number> =>
  single(
    (payload) => {
      const value = littleEndian(payload);
      return value === undefined ? undefined : Number(value);
    },
    (value) => littleEndianBytes(BigInt(value), size),
  );

export const u8 = unsigned(1);
export const u16 = unsigned(2);
export const u32 = unsigned(4);
/** As a double, which is exact below 2^53. */
export const u64 = unsigned(8);

/** A signed number of 4 bytes. */
export const s32: AttributeKind<number> = single(
  (payload) => (payload.length === 4 ? viewOf(payload).getInt32(0, true) : undefined),
  (value) => littleEndianBytes(BigInt(value), 4),
);

/** UTF-8 with a zero byte behind. */
export const text: AttributeKind<string> = single(
  (payload) => {
    const end = payload.indexOf(0);
    return new TextDecoder().decode(end < 0 ? payload : payload.subarray(0, end));
  },
  (value) => new TextEncoder().encode(`${value}\0`),
);

/** An attribute that is there or not, without content. */
export const flag: AttributeKind<true> = {
  decode: (payloads) => (payloads.length > 0 ? true : undefined),
  encode: () => [new Uint8Array()],
};

/** Bytes as they are. */
export const bytes: AttributeKind<Uint8Array> = single(
  (payload) => payload,
  (value) => value,
);

/** The address of hardware: `02:00:00:00:00:01`. Of no bytes means none. */
export const hardwareAddress: AttributeKind<string> = single(
  (payload) => Array.from(payload, (byte) => byte.toString(16).padStart(2, "0")).join(":") || undefined,
  (value) => Uint8Array.from(value.split(":"), (byte) => Number.parseInt(byte, 16)),
);

/** A number whose values have names; one without is not known. */
export function choice<Name extends string>(values: Readonly<Record<Name, number>>): AttributeKind<Name> {
  const rows = rowsOf(values);
  return single(
    (payload) => rows.find(([, value]) => BigInt(value) === littleEndian(payload))?.[0],
    (name) => littleEndianBytes(BigInt(values[name]), 1),
  );
}

/** A number whose bits have names; bits without are left out. */
export function bits<Name extends string>(values: Readonly<Record<Name, number>>): AttributeKind<ReadonlySet<Name>> {
  const rows = rowsOf(values);
  return single(
    (payload) => {
      const word = littleEndian(payload);
      return word === undefined
        ? undefined
        : new Set(rows.filter(([, bit]) => (word & BigInt(bit)) !== 0n).map(([name]) => name));
    },
    (names) =>
      littleEndianBytes(
        rows.reduce((word, [name, bit]) => (names.has(name) ? word | BigInt(bit) : word), 0n),
        8,
      ),
  );
}

/** An attribute that comes as often as it has values. */
export function repeated<Value>(kind: AttributeKind<Value>): AttributeKind<readonly Value[]> {
  return {
    decode: (payloads) => payloads.flatMap((payload) => kind.decode([payload]) ?? []),
    encode: (values) => values.flatMap((value) => kind.encode(value)),
  };
}

/** An attribute that holds a list: attributes whose numbers are places in it and mean nothing else. Received only. */
export function list<Value>(kind: AttributeKind<Value>): AttributeKind<readonly Value[]> {
  return single(
    (payload) => [...decodeAttributes(payload)].flatMap((item) => kind.decode([item.payload]) ?? []),
    () => {
      throw new TypeError("lists of netlink attributes are received, not sent");
    },
  );
}

/** Undefined unless it has a size that numbers have. */
function littleEndian(payload: Uint8Array): bigint | undefined {
  const view = viewOf(payload);
  if (payload.length === 1) return BigInt(view.getUint8(0));
  if (payload.length === 2) return BigInt(view.getUint16(0, true));
  if (payload.length === 4) return BigInt(view.getUint32(0, true));
  return payload.length === 8 ? view.getBigUint64(0, true) : undefined;
}

function littleEndianBytes(value: bigint, size: 1 | 2 | 4 | 8): Uint8Array {
  const word = new DataView(new ArrayBuffer(8));
  word.setBigUint64(0, BigInt.asUintN(64, value), true);
  return new Uint8Array(word.buffer, 0, size);
}

function viewOf(payload: Uint8Array): DataView {
  return new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
}

function rowsOf<Name extends string>(values: Readonly<Record<Name, number>>): [Name, number][] {
  // Object.entries widens the keys, which are the record's own.
  return Object.entries(values) as [Name, number][];
}
