import type { ProgramSpec } from "@weir/bytecode";
import {
  attachIterator,
  attachSocketOperations,
  attachTcx,
  attachTracepoint,
  type BpfProgram,
  type Fallback,
  type IteratorLink,
  linkInfo,
  type NetworkInterface,
  type ProgramLink,
} from "@weir/kernel";
import { EngineError } from "../errors.ts";
import type { Mode } from "../mode.ts";
import { attachProgram } from "../monitor/attach-monitor.ts";

/** A program where it runs. */
export interface AttachedProgram extends Disposable {
  readonly program: BpfProgram;
  /** `eth0 (drv)`, `tracepoint xdp_redirect_err`. */
  readonly place: string;
  /** Why it is not in the driver although the mode was `auto`. */
  readonly fallback: Fallback | undefined;
  /** Whether it still is there. */
  readonly attached: boolean;
  /** Puts another program in its place: nothing passes in between. */
  replace(program: BpfProgram): void;
  /** Of an iterator, what it writes in one round. */
  text?(): string;
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

/** Before anything is loaded. @throws {EngineError} `WEIR_OPTION` when a program runs on an interface and there is none */
export function checkTarget(programs: readonly ProgramSpec[], target: NetworkInterface | undefined): void {
  for (const program of programs) {
    if (program.type === "xdp" || program.type === "tcx") needed({ interface: target }, program);
  }
}

/**
 * Attaches a program where it says.
 *
 * @throws {EngineError} `WEIR_OPTION` for programs that run on an interface without one, `WEIR_MODE`
 * @throws {KernelError} `WEIR_BUSY`, `WEIR_NOT_FOUND`, `WEIR_PERMISSION`
 */
export function attachWhereItSays(program: BpfProgram, spec: ProgramSpec, place: AttachPlace): AttachedProgram {
  const target = spec.section.slice(spec.section.indexOf("/") + 1);
  switch (spec.type) {
    case "xdp":
      return attachToInterface(program, needed(place, spec), place.mode);
    case "tcx": {
      const { name } = needed(place, spec);
      const direction = target === "egress" ? "egress" : "ingress";
      const attach = (next: BpfProgram) => attachTcx({ interface: name, direction, program: next });
      return new Linked(program, `${name} (tcx ${direction})`, attach, "replace");
    }
    case "socket-operations":
      return new Linked(
        program,
        `all processes (${CGROUP})`,
        (next) => attachSocketOperations(next, CGROUP),
        "replace",
      );
    case "iterator":
      return new IteratorPlace(program, `iterator ${target}`);
    default:
      return new Linked(program, `tracepoint ${target}`, (next) => attachTracepoint(next, spec), "attach again");
  }
}

/** The control group of all processes. */
const CGROUP = "/sys/fs/cgroup";

function needed({ interface: target }: Pick<AttachPlace, "interface">, { name }: ProgramSpec): NetworkInterface {
  if (target !== undefined) return target;
  throw new EngineError("WEIR_OPTION", `program "${name}" runs on an interface: say which one`);
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
    fallback: attachment.fallback,
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

/** A program at a link. A tracepoint's keeps its program: another one gets a link of its own before the first one's goes. */
class Linked implements AttachedProgram {
  readonly place: string;
  readonly fallback = undefined;
  readonly #attach: (program: BpfProgram) => ProgramLink;
  readonly #way: "replace" | "attach again";
  #program: BpfProgram;
  #link: ProgramLink;

  constructor(
    program: BpfProgram,
    place: string,
    attach: (program: BpfProgram) => ProgramLink,
    way: "replace" | "attach again",
  ) {
    this.place = place;
    this.#attach = attach;
    this.#way = way;
    this.#program = program;
    this.#link = attach(program);
  }

  get program(): BpfProgram {
    return this.#program;
  }

  get attached(): boolean {
    return linkInfo(this.#link.descriptor).interfaceIndex !== 0;
  }

  replace(program: BpfProgram): void {
    if (this.#way === "replace") this.#link.replace(program);
    else {
      const link = this.#attach(program);
      this.#link[Symbol.dispose]();
      this.#link = link;
    }
    this.#program = program;
  }

  [Symbol.dispose](): void {
    this.#link[Symbol.dispose]();
  }
}

class IteratorPlace extends Linked {
  readonly #link: IteratorLink;

  constructor(program: BpfProgram, place: string) {
    const link = attachIterator(program);
    super(program, place, () => link, "replace");
    this.#link = link;
  }

  text(): string {
    return this.#link.text();
  }
}
