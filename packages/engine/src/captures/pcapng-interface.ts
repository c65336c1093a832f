/** An interface of a pcapng section: what its description block says that matters to its packets. */
export interface PcapngInterface {
  readonly linkType: number;
  /** Bytes; 0 is no limit. */
  readonly snapLength: number;
  /** Nanoseconds since 1970 of a timestamp of its packets. */
  time(high: number, low: number): bigint;
}

const END_OF_OPTIONS = 0;
const TIME_RESOLUTION = 9;
const TIME_OFFSET = 14;
const NANOSECONDS = 1_000_000_000n;

/** Reads the body of an Interface Description Block. */
export function readInterface(body: DataView, littleEndian: boolean): PcapngInterface {
  let ticksPerSecond = 1_000_000n;
  let offset = 0n;
  for (const option of options(body, 8, littleEndian)) {
    if (option.code === TIME_RESOLUTION && option.value.byteLength >= 1) {
      ticksPerSecond = resolution(option.value.getUint8(0));
    }
    if (option.code === TIME_OFFSET && option.value.byteLength >= 8) {
      offset = option.value.getBigInt64(0, littleEndian);
    }
  }
  return {
    linkType: body.getUint16(0, littleEndian),
    snapLength: body.getUint32(4, littleEndian),
    time: (high, low) => (((BigInt(high) << 32n) | BigInt(low)) * NANOSECONDS) / ticksPerSecond + offset * NANOSECONDS,
  };
}

/** `if_tsresol`: a negative power of 10, or of 2 where the highest bit is set. */
function resolution(value: number): bigint {
  const exponent = BigInt(value & 0x7f);
  return value & 0x80 ? 2n ** exponent : 10n ** exponent;
}

/** The options behind a block's fixed fields; a damaged one ends them, for nothing that counts hangs on them. */
function* options(body: DataView, start: number, littleEndian: boolean): Generator<{ code: number; value: DataView }> {
  for (let at = start; at + 4 <= body.byteLength; ) {
    const code = body.getUint16(at, littleEndian);
    const length = body.getUint16(at + 2, littleEndian);
    if (code === END_OF_OPTIONS || at + 4 + length > body.byteLength) return;
    yield { code, value: new DataView(body.buffer, body.byteOffset + at + 4, length) };
    at += 4 + ((length + 3) & ~3);
  }
}
