import {
  alu,
  callHelper,
  type HelperName,
  helperNumber,
  type Instruction,
  loadMapAddress,
  type MapSpec,
  store,
} from "@weir/bytecode";

/** A hash table of two entries, with the changes. */
export const mapSpec = (changes: Partial<MapSpec> = {}): MapSpec => ({
  name: "COUNTS",
  type: "hash",
  keySize: 4,
  valueSize: 8,
  maxEntries: 2,
  flags: 0,
  keyType: 0,
  valueType: 0,
  ...changes,
});

/** A 32-bit key as bytes. */
export const key = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);

/** A 64-bit value as bytes. */
export const value = (number: bigint): Uint8Array => new Uint8Array(BigUint64Array.of(number).buffer);

/** The 64-bit number that bytes are. */
export const numberOf = (bytes: Uint8Array | undefined): bigint | undefined =>
  bytes && new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);

export const call = (name: HelperName): Instruction => callHelper(helperNumber(name));

/** Puts a key on the stack, its address in r2 and the map's in r1. Eight slots; the map is loaded at slot `from + 3`. */
export const keyAndMap = (register: number): readonly Instruction[] => [
  store(32, 10, -4, { register }),
  alu("mov", 64, 2, { register: 10 }),
  alu("add", 64, 2, -4),
  ...loadMapAddress(1),
];

/** The slots in which code loads the address of a map. */
export const mapReferences = (code: readonly Instruction[], map = "COUNTS") =>
  code.flatMap(({ opcode, source }, slot) =>
    opcode === 0x18 && source === 1 ? [{ kind: "map" as const, slot, map }] : [],
  );
