import { damaged, truncated } from "./capture-error.ts";
import type { CaptureFile } from "./capture-file.ts";
import type { Frame } from "./frame.ts";
import { LONGEST_FRAME } from "./frame-length.ts";
import { expectEthernet } from "./link-type.ts";
import { type PcapngInterface, readInterface } from "./pcapng-interface.ts";

const SECTION_HEADER = 0x0a0d_0d0a;
const INTERFACE_DESCRIPTION = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b_3c4d;

/** Type and total length before a block's body, the total length again behind it. */
const BLOCK_START = 8;
const BLOCK_OVERHEAD = 12;

/** The bytes of the fixed fields of the blocks that are read. */
const FIXED_FIELDS: ReadonlyMap<number, number> = new Map([
  [SECTION_HEADER, 16],
  [INTERFACE_DESCRIPTION, 8],
  [OBSOLETE_PACKET, 20],
  [SIMPLE_PACKET, 4],
  [ENHANCED_PACKET, 20],
]);

/** A section: its byte order, and the interfaces described so far. */
interface Section {
  readonly littleEndian: boolean;
  readonly interfaces: PcapngInterface[];
}

/** A block whose frame is being read. */
interface Block {
  readonly at: number;
  readonly type: number;
  readonly body: DataView<ArrayBuffer>;
}

export function isPcapng(start: DataView): boolean {
  return start.getUint32(0) === SECTION_HEADER;
}

/** The frames of a pcapng file (draft-ietf-opsawg-pcapng), with any number of sections and interfaces. */
export function* readPcapng(file: CaptureFile): Generator<Frame> {
  let section: Section = { littleEndian: true, interfaces: [] };
  for (;;) {
    const at = file.offset;
    const start = file.peek(BLOCK_START);
    if (start === undefined) {
      if (file.left === 0) return;
      throw truncated(file, at, `the start of a block (${file.left} of ${BLOCK_START} bytes)`);
    }
    // The type of a section header reads the same in both byte orders; the section's own counts from there on.
    const type = isPcapng(start) ? SECTION_HEADER : start.getUint32(0, section.littleEndian);
    if (type === SECTION_HEADER) section = newSection(file, at);
    const block = readBlock(file, section, at, type);
    if (block === undefined) continue;
    if (type === INTERFACE_DESCRIPTION) section.interfaces.push(readInterface(block.body, section.littleEndian));
    else if (type !== SECTION_HEADER) yield readPacket(file, section, block);
  }
}

function newSection(file: CaptureFile, at: number): Section {
  const header = file.peek(BLOCK_START + 4);
  if (header === undefined) throw truncated(file, at, "a section header");
  for (const littleEndian of [true, false]) {
    if (header.getUint32(BLOCK_START, littleEndian) === BYTE_ORDER_MAGIC) return { littleEndian, interfaces: [] };
  }
  throw damaged(file, at + BLOCK_START, "a section header has no byte-order magic");
}

/** Takes a whole block; undefined for one of a type that says nothing about frames, which may be of any size. */
function readBlock(file: CaptureFile, section: Section, at: number, type: number): Block | undefined {
  const { littleEndian } = section;
  const start = file.take(BLOCK_START);
  if (start === undefined) throw truncated(file, at, "the start of a block");
  const total = start.getUint32(4, littleEndian);
  const fixed = FIXED_FIELDS.get(type);
  if (total % 4 !== 0 || total < BLOCK_OVERHEAD + (fixed ?? 0)) {
    throw damaged(file, at, `a block of type ${hexadecimal(type)} claims a length of ${total} bytes`);
  }
  if (fixed !== undefined && total > LONGEST_FRAME) {
    throw damaged(file, at, `a block of type ${hexadecimal(type)} claims ${total} bytes, which no frame has`);
  }
  const inside = `a block of ${total} bytes (type ${hexadecimal(type)})`;
  const body = fixed === undefined ? undefined : file.peek(total - BLOCK_OVERHEAD + 4);
  if (fixed !== undefined && body === undefined) throw truncated(file, at, inside);
  if (!file.skip(total - BLOCK_OVERHEAD)) throw truncated(file, at, inside);
  const again = body === undefined ? file.peek(4)?.getUint32(0, littleEndian) : trailer(body, littleEndian);
  if (again === undefined) throw truncated(file, at, inside);
  if (again !== total) throw damaged(file, at, `the two lengths of a block differ (${total} and ${again})`);
  file.skip(4);
  return body === undefined
    ? undefined
    : { at, type, body: new DataView(body.buffer, body.byteOffset, body.byteLength - 4) };
}

function trailer(body: DataView, littleEndian: boolean): number {
  return body.getUint32(body.byteLength - 4, littleEndian);
}

function readPacket(file: CaptureFile, section: Section, { at, type, body }: Block): Frame {
  const { littleEndian } = section;
  const fixed = FIXED_FIELDS.get(type) ?? 0;
  const simple = type === SIMPLE_PACKET;
  const index = simple
    ? 0
    : type === OBSOLETE_PACKET
      ? body.getUint16(0, littleEndian)
      : body.getUint32(0, littleEndian);
  const capturedOn = section.interfaces[index];
  if (capturedOn === undefined) throw damaged(file, at, `a packet is of interface ${index}, which was not described`);
  expectEthernet(file, at, capturedOn.linkType, `interface ${index} of a packet`);

  const originalLength = body.getUint32(simple ? 0 : 16, littleEndian);
  const length = simple
    ? Math.min(originalLength, capturedOn.snapLength || originalLength)
    : body.getUint32(12, littleEndian);
  if (length > body.byteLength - fixed) {
    throw damaged(file, at, `a packet claims ${length} bytes, its block has room for ${body.byteLength - fixed}`);
  }
  file.frames++;
  return {
    bytes: new Uint8Array(body.buffer, body.byteOffset + fixed, length),
    originalLength,
    time: simple ? undefined : capturedOn.time(body.getUint32(4, littleEndian), body.getUint32(8, littleEndian)),
  };
}

function hexadecimal(type: number): string {
  return `0x${type.toString(16).padStart(8, "0")}`;
}
