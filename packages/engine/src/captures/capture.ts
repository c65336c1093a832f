import { CaptureError, type CapturePosition, truncated } from "./capture-error.ts";
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
  else throw unknownFormat(file, start);
}

function tooShort(file: CaptureFile): CaptureError {
  if (file.left > 0) return truncated(file, 0, `its first word (${file.left} of 4 bytes)`);
  const remedy = "Was the capture stopped before its file was written?";
  return new CaptureError("WEIR_CAPTURE_EMPTY", file, 0, "the file is empty", remedy);
}

function unknownFormat(file: CapturePosition, start: DataView): CaptureError {
  const gzip = start.getUint16(0) === 0x1f8b;
  const magic = start.getUint32(0).toString(16).padStart(8, "0");
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
