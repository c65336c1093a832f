import { readFileSync } from "node:fs";
import { type ObjectSpec, readObject } from "@weir/bytecode";

/** Built from kernel/capture.bpf.ts by `npm run build`; the path is the same from src/ and from dist/. */
const CAPTURE = new URL("../dist/capture.bpf.o", import.meta.url);
const SAMPLE_CAPTURE = new URL("../dist/sample-capture.bpf.o", import.meta.url);

/**
 * The object that holds program `xdp_packet_capture` and its maps `CAPTURE_RINGS`, `CAPTURE_CHUNKS` and `CAPTURE_TICKETS`.
 *
 * @example
 * ```ts
 * const object = withConfig(captureObject(), { snap_length: 96 });
 * ```
 */
export function captureObject(): ObjectSpec {
  return readObject(readFileSync(CAPTURE));
}

/**
 * The same for frames that rules sample: the object that holds program `xdp_sample_capture`, which belongs into the map `SAMPLE_CAPTURE` of
 * the object of rules that report, and shares its map `FRAME_REPORTS`.
 *
 * @example
 * ```ts
 * const object = withConfig(sampleCaptureObject(), { sampled_by: 0b101n });
 * ```
 */
export function sampleCaptureObject(): ObjectSpec {
  return readObject(readFileSync(SAMPLE_CAPTURE));
}
