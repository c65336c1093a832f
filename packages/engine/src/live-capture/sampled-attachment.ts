import { BpfMap, BpfProgram, KernelError, type NetworkInterface, ProgramArray, programDetails } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import type { AttachedMode } from "../mode.ts";
import { needsFrags } from "../monitor/usable-interface.ts";
import { placeOn } from "../pinned/find-pinned.ts";
import { isInForce } from "../pinned/opened-monitor.ts";
import { lockPins } from "../pinned/pin-lock.ts";
import type { PinnedMonitor } from "../pinned-monitor.ts";
import type { LoadedCapture } from "./load.ts";

/** The map of the monitor's program with the one that captures what rules sample. */
const SAMPLE_CAPTURE = "SAMPLE_CAPTURE";

/**
 * A capture of what the rules of a monitor sample, as long as they are in force: the program as which the monitor goes on for such frames. The
 * map that it finds it in is not pinned. So the kernel empties the map when no process has it open any more, and the capture ends with its process.
 */
export class SampledAttachment {
  readonly mode: AttachedMode;
  readonly fallback = undefined;
  readonly #monitor: PinnedMonitor;
  readonly #map: BpfMap;

  /** @throws {EngineError} `WEIR_BUSY` when another capture is there, or other rules have been applied */
  constructor(monitor: PinnedMonitor, target: NetworkInterface, loaded: LoadedCapture) {
    const place = placeOn(target);
    using _lock = place && lockPins(place);
    const { name } = target;
    if (!isInForce(monitor)) throw busy(`other rules were just applied to ${name}`, "Try again.");
    using stack = new DisposableStack();
    this.#map = stack.use(openCaptureMap(monitor));
    using array = ProgramArray.of(this.#map);
    if (array.id(0) !== undefined) {
      throw busy(`another process captures what rules sample on ${name}`, "Wait for its end, or end it.");
    }
    put(array, loaded, needsFrags(target));
    this.mode = monitor.mode;
    this.#monitor = monitor;
    stack.move();
  }

  get attached(): boolean {
    return isInForce(this.#monitor);
  }

  detach(): void {
    if (this.#map.descriptor.isClosed) return;
    using array = ProgramArray.of(this.#map);
    array.delete(0);
    this.#map[Symbol.dispose]();
  }
}

function openCaptureMap({ programId }: PinnedMonitor): BpfMap {
  using program = BpfProgram.byId(programId);
  for (const id of programDetails(program).mapIds) {
    const map = BpfMap.byId(id);
    if (map.name === SAMPLE_CAPTURE) return map;
    map[Symbol.dispose]();
  }
  throw new Error(`program ${programId} has no map ${SAMPLE_CAPTURE}, though its rules sample`);
}

/** The kernel takes a program that is loaded for frames in several buffers if the monitor is, which it does not tell: its MTU may have changed. */
function put(array: ProgramArray, loaded: LoadedCapture, frags: boolean): void {
  try {
    array.set(0, loaded.load({ frags }));
  } catch (error) {
    if (!(error instanceof KernelError && error.errno === EINVAL)) throw error;
    array.set(0, loaded.load({ frags: !frags }));
  }
}

const EINVAL = 22;

function busy(what: string, advice: string): EngineError {
  return new EngineError("WEIR_BUSY", `${what}\n  ${advice}`);
}
