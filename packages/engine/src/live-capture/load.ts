import { type ObjectSpec, withConfig, withMapSizes } from "@weir/bytecode";
import { ArrayMap, type BpfProgram, type ExtensionTarget, loadObject, possibleCpus, presentCpus } from "@weir/kernel";
import { CaptureChunk, CaptureRing, CHUNK_STARTS, captureObject } from "@weir/programs";
import { ownProgram } from "../own-program.ts";
import { CaptureRings } from "./rings.ts";
import type { CaptureSettings } from "./settings.ts";

/** The kernel knows it by the first 15 characters. */
const PROGRAM = "xdp_packet_capture";
/** The capture program in the kernel, not attached to anything yet. */
export interface LoadedCapture extends Disposable {
  /** The whole of the program's name. */
  readonly name: string;
  /** Loaded when it is asked for first, to be attached to an interface, or by {@link extend}. */
  readonly program: BpfProgram;
  /** Loads the program to take the place of a dispatcher's function. */
  extend(place: ExtensionTarget): BpfProgram;
  readonly rings: CaptureRings;
  /** Bytes. */
  readonly ringMemory: number;
}

/**
 * Loads the capture program, with a ring for each CPU.
 *
 * @param frags whether frames may come in several buffers
 * @throws {KernelError} when the kernel has no BPF or no memory, is too old, or the process may not load programs
 */
export function loadCapture(settings: CaptureSettings, { frags }: { readonly frags: boolean }): LoadedCapture {
  const chunks = settings.ring / CHUNK_STARTS;
  using stack = new DisposableStack();
  const object = stack.use(loadObject(configured(settings, chunks, frags)));
  let program: BpfProgram | undefined;
  const rings = ArrayMap.of(object.map("CAPTURE_RINGS"), { value: CaptureRing });
  const blocks = ArrayMap.of(object.map("CAPTURE_CHUNKS"), { value: CaptureChunk });
  const mapped = new CaptureRings({
    rings: stack.use(rings.memory({ writable: true })),
    chunks: stack.use(blocks.memory()),
    chunksPerRing: chunks,
  });
  const resources = stack.move();
  return {
    name: PROGRAM,
    get program() {
      program ??= ownProgram(object, PROGRAM, { frags });
      return program;
    },
    extend(place) {
      program = ownProgram(object, PROGRAM, { extends: place });
      return program;
    },
    rings: mapped,
    ringMemory: presentCpus() * chunks * CaptureChunk.size,
    [Symbol.dispose]: () => resources[Symbol.dispose](),
  };
}

function configured(
  { snapLength, sample, count, verdicts }: CaptureSettings,
  chunks: number,
  frags: boolean,
): ObjectSpec {
  const spec = withConfig(captureObject(), {
    chunk_mask: chunks - 1,
    snap_length: snapLength,
    snap_mask: 2 ** Math.ceil(Math.log2(snapLength)) - 1,
    sample_below: sample === 1 ? 0 : Math.round(2 ** 32 / sample),
    limit: count,
    verdicts,
    weak_memory: process.arch === "x64" ? 0 : 1,
    multi_buffer: frags ? 1 : 0,
  });
  return withMapSizes(spec, { CAPTURE_RINGS: possibleCpus(), CAPTURE_CHUNKS: chunks * presentCpus() });
}
