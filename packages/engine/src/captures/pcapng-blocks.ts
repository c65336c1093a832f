/** The blocks of a pcapng file besides its packets (draft-ietf-opsawg-pcapng), little-endian, with times in nanoseconds. */

const SECTION_HEADER = 0x0a0d_0d0a;
const INTERFACE_DESCRIPTION = 1;
const INTERFACE_STATISTICS = 5;
const BYTE_ORDER_MAGIC = 0x1a2b_3c4d;
const ETHERNET = 1;
/** The length of a section that is still being written. */
const UNKNOWN_LENGTH = -1n;

/** Codes of options that every block may have. */
const [END_OF_OPTIONS, COMMENT] = [0, 1];
/** Negative power of ten of the unit of times. */
const NANOSECONDS = 9;

type Option = readonly [code: number, value: string | Uint8Array | bigint];

/** What begins a file. */
export interface SectionHeader {
  readonly hardware: string;
  readonly system: string;
  readonly application: string;
}

export function sectionHeader({ hardware, system, application }: SectionHeader): Uint8Array {
  const fixed = Buffer.alloc(16);
  fixed.writeUInt32LE(BYTE_ORDER_MAGIC, 0);
  fixed.writeUInt16LE(1, 4); // version 1.0
  fixed.writeBigInt64LE(UNKNOWN_LENGTH, 8);
  return block(SECTION_HEADER, fixed, [
    [2, hardware],
    [3, system],
    [4, application],
  ]);
}

/** What is said of the interface that frames come from. */
export interface InterfaceDescription {
  readonly name: string;
  /** Left out where it does not have six bytes. */
  readonly hardwareAddress: Uint8Array;
  /** Bytes that are kept of a frame, at most. */
  readonly snapLength: number;
  readonly system: string;
  readonly comment: string;
}

export function interfaceDescription(description: InterfaceDescription): Uint8Array {
  const { name, hardwareAddress, snapLength, system, comment } = description;
  const fixed = Buffer.alloc(8);
  fixed.writeUInt16LE(ETHERNET, 0);
  fixed.writeUInt32LE(snapLength, 4);
  return block(INTERFACE_DESCRIPTION, fixed, [
    [COMMENT, comment],
    [2, name],
    ...(hardwareAddress.length === 6 ? ([[6, hardwareAddress]] as const) : []),
    [9, Uint8Array.of(NANOSECONDS)],
    [12, system],
  ]);
}

/** What became of the packets of an interface. Times in nanoseconds since 1970. */
export interface InterfaceStatistics {
  readonly time: bigint;
  readonly started: bigint;
  readonly ended: bigint;
  /** Frames that came in. */
  readonly received: bigint;
  /** Those of them that were wanted. */
  readonly accepted: bigint;
  /** Those of these that were lost before they could be written. */
  readonly dropped: bigint;
  /** Those that are in the file. */
  readonly delivered: bigint;
  readonly comment: string;
}

export function interfaceStatistics(statistics: InterfaceStatistics): Uint8Array {
  const { time, started, ended, received, accepted, dropped, delivered, comment } = statistics;
  return block(INTERFACE_STATISTICS, Buffer.concat([Buffer.alloc(4), timestamp(time)]), [
    [COMMENT, comment],
    [2, timestamp(started)],
    [3, timestamp(ended)],
    [4, received],
    [6, accepted],
    [7, dropped],
    [8, delivered],
  ]);
}

/** Two words, the upper one first. */
function timestamp(time: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(Number(time >> 32n), 0);
  bytes.writeUInt32LE(Number(time & 0xffff_ffffn), 4);
  return bytes;
}

function block(type: number, fixed: Uint8Array, options: readonly Option[]): Uint8Array {
  const body = Buffer.concat([fixed, ...options.map(option), option([END_OF_OPTIONS, ""])]);
  const length = body.length + 12;
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32LE(type, 0);
  bytes.writeUInt32LE(length, 4);
  body.copy(bytes, 8);
  bytes.writeUInt32LE(length, length - 4);
  return bytes;
}

function option([code, value]: Option): Buffer {
  const data = typeof value === "bigint" ? word(value) : Buffer.from(value);
  const bytes = Buffer.alloc(4 + Math.ceil(data.length / 4) * 4);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt16LE(data.length, 2);
  data.copy(bytes, 4);
  return bytes;
}

function word(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}
