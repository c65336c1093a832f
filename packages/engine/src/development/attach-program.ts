import type { ProgramSpec } from "@weir/bytecode";
import { attachTracepoint, type BpfProgram, type NetworkInterface } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import type { Mode } from "../mode.ts";
import { attachProgram } from "../monitor/attach-monitor.ts";

/** A program where it runs. */
export interface AttachedProgram extends Disposable {
  readonly program: BpfProgram;
  /** `eth0 (drv)`, `tracepoint xdp_redirect_err`. */
  readonly place: string;
  /** Why it is not in the driver although the mode was `auto`. */
  readonly fallback: string | undefined;
  /** Whether it still is there. */
  readonly attached: boolean;
  /** Puts another program in its place: no event passes in between. */
  replace(program: BpfProgram): void;
}

/** Where programs of an object shall run, as far as they do not say it. */
export interface AttachPlace {
  readonly interface: NetworkInterface | undefined;
  readonly mode: Mode;
}

/** Whether a program is one that something else calls: another program, or the map that a packet is redirected with. */
export function isCalled({ type, section }: ProgramSpec): boolean {
  return type === "xdp" && /\/(devmap|cpumap)$/.test(section);
}

/** Whether a program needs an interface to run on. */
export function needsInterface({ type }: ProgramSpec): boolean {
  return type === "xdp" || type === "tcx";
}

/**
 * Attaches a program where it says.
 *
 * @throws {EngineError} `WEIR_OPTION` for types of programs that have no such place, `WEIR_MODE`
 * @throws {KernelError} `WEIR_BUSY`, `WEIR_NOT_FOUND`, `WEIR_PERMISSION`
 */
export function attachWhereItSays(program: BpfProgram, spec: ProgramSpec, place: AttachPlace): AttachedProgram {
  switch (spec.type) {
    case "xdp":
      return attachToInterface(program, needed(place, spec), place.mode);
    case "raw-tracepoint":
    case "typed-tracepoint":
      return new AttachedTracepoint(program, spec);
    default:
      throw new EngineError(
        "WEIR_OPTION",
        `program "${spec.name}" is for ${spec.section}, where weir does not attach yet\n  Leave it out with --program.`,
      );
  }
}

function needed({ interface: target }: AttachPlace, { name, section }: ProgramSpec): NetworkInterface {
  if (target !== undefined) return target;
  throw new EngineError("WEIR_OPTION", `program "${name}" (${section}) runs on an interface: say which one`);
}

function attachToInterface(program: BpfProgram, target: NetworkInterface, mode: Mode): AttachedProgram {
  const attachment = attachProgram(
    program,
    target,
    mode,
    ({ name }, other) => `a program of that name is attached to ${name} already: ${other}. It was left as it is.`,
  );
  let attached = program;
  return {
    get program() {
      return attached;
    },
    place: `${target.name} (${attachment.mode})`,
    fallback: attachment.fallbackReason,
    get attached() {
      return attachment.attached;
    },
    replace(successor) {
      attachment.replace(successor);
      attached = successor;
    },
    [Symbol.dispose]: () => attachment[Symbol.dispose](),
  };
}

/** A tracepoint's link keeps its program: another one gets a link of its own before the first one's goes. */
class AttachedTracepoint implements AttachedProgram {
  readonly place: string;
  readonly fallback = undefined;
  readonly attached = true;
  readonly #spec: ProgramSpec;
  #program: BpfProgram;
  #link: Disposable;

  constructor(program: BpfProgram, spec: ProgramSpec) {
    this.#spec = spec;
    this.#program = program;
    this.#link = attachTracepoint(program, spec);
    this.place = `tracepoint ${spec.section.slice(spec.section.indexOf("/") + 1)}`;
  }

  get program(): BpfProgram {
    return this.#program;
  }

  replace(program: BpfProgram): void {
    const link = attachTracepoint(program, this.#spec);
    this.#link[Symbol.dispose]();
    this.#link = link;
    this.#program = program;
  }

  [Symbol.dispose](): void {
    this.#link[Symbol.dispose]();
  }
}
