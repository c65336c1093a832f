import { type ObjectSpec, withConfig, withMap } from "@weir/bytecode";
import { ArrayMap, type BpfProgram, loadObject, type MapMemory, possibleCpus, presentCpus } from "@weir/kernel";
import { CaptureChunk, CaptureRing } from "../src/index.ts";

const CHUNKS = 2;
const HEAD = 8;
const ENHANCED_PACKET = 6;

/** A block of a ring, read by the words of the draft and not by our own reader. */
export interface CapturedBlock {
  readonly interfaceId: number;
  /** Nanoseconds. */
  readonly time: bigint;
  readonly originalLength: number;
  readonly bytes: Uint8Array;
  /** Bytes between the frame and its options. */
  readonly padding: Uint8Array;
  /** Option values by code. */
  readonly options: Readonly<Record<number, string>>;
}

/** The bits of all numbers below a snap length. */
export const snapMask = (snapLength: number): number => 2 ** Math.ceil(Math.log2(snapLength)) - 1;

/** A capture program in the kernel whose rings nobody reads but the tests. */
export class LoadedCapture implements Disposable {
  readonly program: BpfProgram;
  readonly #resources = new DisposableStack();
  readonly #rings: ArrayMap<typeof CaptureRing>;
  readonly #chunks: MapMemory;

  /** @param cpus that have a ring */
  constructor(
    spec: ObjectSpec,
    settings: Readonly<Record<string, number>> = {},
    { clockOffset = 0n, cpus = presentCpus() } = {},
  ) {
    const { snap_length = 65_535 } = settings;
    // The twin in C was compiled with its settings.
    const isTwin = spec.configs.size === 0;
    const configured = isTwin
      ? spec
      : withConfig(spec, { chunk_mask: CHUNKS - 1, snap_length, snap_mask: snapMask(snap_length), ...settings });
    const rings = withMap(configured, "CAPTURE_RINGS", { maxEntries: possibleCpus() });
    const object = this.#resources.use(loadObject(withMap(rings, "CAPTURE_CHUNKS", { maxEntries: CHUNKS * cpus })));
    const found = object.program("xdp_packet_capture", { frags: settings.multi_buffer === 1 });
    if (found.kind === "not found") throw new Error(`the object has no capture, but ${found.available}`);
    this.program = found.program;
    this.#rings = ArrayMap.of(object.map("CAPTURE_RINGS"), { value: CaptureRing });
    this.#chunks = this.#resources.use(ArrayMap.of(object.map("CAPTURE_CHUNKS"), { value: CaptureChunk }).memory());
    const random = { random: 0x5eedn, clock_offset: clockOffset };
    for (const [cpu, ring] of this.#rings.entries()) this.#rings.set(cpu, { ...ring, ...random });
  }

  /** Of all CPUs together, without what the program keeps for itself. */
  counts(): Record<string, bigint> {
    const names = ["seen", "other_verdict", "sampled_out", "past_count", "written"] as const;
    const losses = ["lost_full", "lost_no_ring", "lost_uncopied"] as const;
    const rings = [...this.#rings.entries()].map(([, ring]) => ring);
    return Object.fromEntries(
      [...names, ...losses].map((name) => [name, rings.reduce((sum, ring) => sum + ring[name], 0n)]),
    );
  }

  /** What is in the rings, chunk after chunk. */
  blocks(): CapturedBlock[] {
    const chunks = this.#chunks.buffer.byteLength / CaptureChunk.size;
    return Array.from({ length: chunks }, (_, index) => this.#blocksOf(index)).flat();
  }

  #blocksOf(index: number): CapturedBlock[] {
    const { view } = this.#chunks;
    const start = index * CaptureChunk.size;
    const end = start + HEAD + view.getUint32(start, true);
    const blocks: CapturedBlock[] = [];
    for (let at = start + HEAD; at < end; at += view.getUint32(at + 4, true)) blocks.push(readBlock(view, at));
    return blocks;
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
  }
}

function readBlock(view: DataView<ArrayBuffer>, at: number): CapturedBlock {
  const word = (offset: number) => view.getUint32(at + offset, true);
  const length = word(4);
  if (word(0) !== ENHANCED_PACKET) throw new Error(`a block of type ${word(0)} at ${at}`);
  if (word(length - 4) !== length) throw new Error(`a block of ${length} bytes ends with ${word(length - 4)}`);
  const captured = word(20);
  const bytes = (from: number, count: number) => new Uint8Array(view.buffer, at + from, count).slice();
  const padded = Math.ceil(captured / 4) * 4;
  const options: Record<number, string> = {};
  for (let option = 28 + padded; ; ) {
    const code = view.getUint16(at + option, true);
    const size = view.getUint16(at + option + 2, true);
    if (code === 0) {
      if (option + 8 !== length) throw new Error("the options do not end where the block does");
      break;
    }
    options[code] = Buffer.from(bytes(option + 4, size)).toString("hex");
    option += 4 + Math.ceil(size / 4) * 4;
  }
  return {
    interfaceId: word(8),
    time: (BigInt(word(12)) << 32n) | BigInt(word(16)),
    originalLength: word(24),
    bytes: bytes(28, captured),
    padding: bytes(28 + captured, padded - captured),
    options,
  };
}
