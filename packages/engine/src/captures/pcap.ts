import { damaged, truncated } from "./capture-error.ts";
import type { CaptureFile } from "./capture-file.ts";
import type { Frame } from "./frame.ts";
import { LONGEST_FRAME } from "./frame-length.ts";
import { expectEthernet } from "./link-type.ts";

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
/** The upper bits of the link type field tell the length of the frame check sequence. */
const LINK_TYPE = 0x03ff_ffff;

/** What the first four bytes of a pcap file say. */
export interface PcapFormat {
  readonly littleEndian: boolean;
  /** What the second timestamp word counts. */
  readonly nanosecondsPerTick: bigint;
}

const MICROSECONDS = 0xa1b2_c3d4;
const NANOSECONDS = 0xa1b2_3c4d;

/** The format by the file's first bytes; undefined where they are not those of a pcap file. */
export function pcapFormat(start: DataView): PcapFormat | undefined {
  for (const littleEndian of [true, false]) {
    const magic = start.getUint32(0, littleEndian);
    if (magic === MICROSECONDS) return { littleEndian, nanosecondsPerTick: 1000n };
    if (magic === NANOSECONDS) return { littleEndian, nanosecondsPerTick: 1n };
  }
  return undefined;
}

/** The frames of a file in the format of libpcap (https://www.tcpdump.org/manpages/pcap-savefile.5.html). */
export function* readPcap(file: CaptureFile, format: PcapFormat): Generator<Frame> {
  const { littleEndian, nanosecondsPerTick } = format;
  const header = file.take(FILE_HEADER);
  if (header === undefined) throw truncated(file, 0, `its header, which has ${FILE_HEADER} bytes`);
  const major = header.getUint16(4, littleEndian);
  if (major !== 2) throw damaged(file, 4, `the version is ${major}.${header.getUint16(6, littleEndian)}, not 2.4`);
  expectEthernet(file, 20, header.getUint32(20, littleEndian) & LINK_TYPE, "the capture");

  for (;;) {
    const at = file.offset;
    const record = file.take(RECORD_HEADER);
    if (record === undefined) {
      if (file.left === 0) return;
      throw truncated(file, at, `the header of a record (${file.left} of ${RECORD_HEADER} bytes)`);
    }
    const seconds = record.getUint32(0, littleEndian);
    const ticks = record.getUint32(4, littleEndian);
    const length = record.getUint32(8, littleEndian);
    const originalLength = record.getUint32(12, littleEndian);
    if (length > LONGEST_FRAME) throw damaged(file, at, `a record claims ${length} bytes, which no frame has`);
    const bytes = file.take(length);
    if (bytes === undefined) throw truncated(file, at, `a record (${file.left} of ${length} bytes of its frame)`);
    file.frames++;
    yield {
      bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, length),
      originalLength,
      time: BigInt(seconds) * 1_000_000_000n + BigInt(ticks) * nanosecondsPerTick,
    };
  }
}
