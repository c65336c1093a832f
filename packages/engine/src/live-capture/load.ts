import { type ObjectSpec, withConfig, withMapSizes } from "@weir/bytecode";
import { ArrayMap, type BpfProgram, type ExtensionTarget, loadObject, possibleCpus, presentCpus } from "@weir/kernel";
import { CaptureChunk, CaptureRing, CHUNK_STARTS, captureObject, sampleCaptureObject } from "@weir/programs";
import { ownProgram } from "../own-program.ts";
import { FRAME_REPORTS } from "../rules/reports-stage.ts";
import { CaptureRings } from "./rings.ts";
import type { SampledRules } from "./sampled-rules.ts";
import type { CaptureSettings } from "./settings.ts";

/** The kernel knows them by the first 15 characters. */
const PROGRAM = "xdp_packet_capture";
const SAMPLE_PROGRAM = "xdp_sample_capture";

/** What the capture program depends on besides its settings. */
interface LoadCaptureOptions {
  /** Whether frames may come in several buffers. */
  readonly frags: boolean;
  /** Rules whose frames it captures, instead of all. */
  readonly sampled: SampledRules | undefined;
}

/** The capture program in the kernel, not attached to anything yet. */
export interface LoadedCapture extends Disposable {
  /** The whole of the program's name. */
  readonly name: string;
  /** Loaded when it is asked for first, to be attached to an interface, or by {@link extend}. */
  readonly program: BpfProgram;
  /** Loads the program as another one is that goes on as it. */
  load(options: { readonly frags: boolean }): BpfProgram;
  /** Loads the program to take the place of a dispatcher's function. */
  extend(place: ExtensionTarget): BpfProgram;
  readonly rings: CaptureRings;
  /** Bytes. */
  readonly ringMemory: number;
}

/**
 * Loads the capture program, with a ring for each CPU.
 *
 * @throws {KernelError} when the kernel has no BPF or no memory, is too old, or the process may not load programs
 */
export function loadCapture(settings: CaptureSettings, { frags, sampled }: LoadCaptureOptions): LoadedCapture {
  const chunks = settings.ring / CHUNK_STARTS;
  using stack = new DisposableStack();
  const spec =
    sampled === undefined ? captureObject() : withConfig(sampleCaptureObject(), { sampled_by: sampled.bits });
  const maps = new Map(sampled === undefined ? [] : [[FRAME_REPORTS, sampled.reports]]);
  const object = stack.use(loadObject(configured(spec, { settings, chunks, frags }), { maps }));
  const name = sampled === undefined ? PROGRAM : SAMPLE_PROGRAM;
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
    name,
    get program() {
      program ??= ownProgram(object, name, { frags });
      return program;
    },
    load(options) {
      program = ownProgram(object, name, options);
      return program;
    },
    extend(place) {
      program = ownProgram(object, name, { extends: place });
      return program;
    },
    rings: mapped,
    ringMemory: presentCpus() * chunks * CaptureChunk.size,
    [Symbol.dispose]: () => resources[Symbol.dispose](),
  };
}

function configured(
  object: ObjectSpec,
  { settings, chunks, frags }: { readonly settings: CaptureSettings; readonly chunks: number; readonly frags: boolean },
): ObjectSpec {
  const { snapLength, sample, count, verdicts } = settings;
  const spec = withConfig(object, {
    chunk_mask: chunks - 1,
    snap_length: snapLength,
    snap_mask: 2 ** Math.ceil(Math.log2(snapLength)) - 1,
    sample_below: sample === 1 ? 0 : Math.round(2 ** 32 / sample),
    limit: count,
    verdicts,
    weak_memory: process.arch === "x64" ? 0 : 1,
    // What is sampled comes from a program of which it is not known.
    multi_buffer: frags || settings.sampled !== undefined ? 1 : 0,
  });
  return withMapSizes(spec, { CAPTURE_RINGS: possibleCpus(), CAPTURE_CHUNKS: chunks * presentCpus() });
}
