import { CaptureError, truncated } from "./capture-error.ts";
import { CaptureFile } from "./capture-file.ts";
import type { Frame } from "./frame.ts";
import { pcapFormat, readPcap } from "./pcap.ts";
import { isPcapng, readPcapng } from "./pcapng.ts";

/**
 * The frames of a capture file, one after the other. What format it has is told by its first bytes, never by its name.
 *
 * @throws {CaptureError} where the file is empty, no capture, damaged, cut off, or not of Ethernet; the frames before
 * that place have been given by then.
 */
export function* readCapture(path: string): Generator<Frame> {
  using file = new CaptureFile(path);
  const start = file.peek(4);
  if (start === undefined) throw tooShort(file);
  const format = pcapFormat(start);
  if (format !== undefined) yield* readPcap(file, format);
  else if (isPcapng(start)) yield* readPcapng(file);
  else throw unknownFormat(file);
}

function tooShort(file: CaptureFile): CaptureError {
  if (file.left > 0) return isBeginning(file) ? truncated(file, 0, "its first word") : unknownFormat(file);
  const remedy = "Was the capture stopped before its file was written?";
  return new CaptureError("WEIR_CAPTURE_EMPTY", file, 0, "the file is empty", remedy);
}

/** How captures begin, as hexadecimal digits. */
const BEGINNINGS = ["a1b2c3d4", "d4c3b2a1", "a1b23c4d", "4d3cb2a1", "0a0d0d0a"];

/** Whether a file that ends within its first word may have been a capture. */
function isBeginning(file: CaptureFile): boolean {
  return BEGINNINGS.some((beginning) => beginning.startsWith(digits(file)));
}

/** The file's first bytes, at most four. */
function digits(file: CaptureFile): string {
  const start = file.peek(Math.min(file.left, 4));
  return start === undefined ? "" : Buffer.from(start.buffer, start.byteOffset, start.byteLength).toString("hex");
}

function unknownFormat(file: CaptureFile): CaptureError {
  const magic = digits(file);
  const gzip = magic.startsWith("1f8b");
  return new CaptureError(
    "WEIR_CAPTURE_FORMAT",
    file,
    0,
    gzip ? "the file is compressed with gzip" : `the file is not a pcap or pcapng capture (it starts with ${magic})`,
    gzip
      ? "Unpack it first: gunzip FILE."
      : "weir reads what tcpdump and Wireshark write; convert other formats with editcap.",
  );
}
