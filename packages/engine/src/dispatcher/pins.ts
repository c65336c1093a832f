import { existsSync, mkdirSync, readdirSync, rmdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { BpfProgram, hasCode, type NetworkInterface, type ProgramLink } from "@weir/kernel";
import { ifFound } from "../if-found.ts";
import { permitted } from "../pinned/permission.ts";
import { dispatcherFolder } from "./folder.ts";

/**
 * The pins of one dispatcher, in a folder named after its interface and its program's id: `prog0-prog` and `prog0-link` keep the first program,
 * and keep it in its place.
 */
export class DispatcherPins {
  readonly dispatcherId: number;
  readonly directory: string;

  constructor(interfaceIndex: number, dispatcherId: number) {
    this.dispatcherId = dispatcherId;
    this.directory = join(dispatcherFolder(), `dispatch-${interfaceIndex}-${dispatcherId}`);
  }

  /** Those of all dispatchers that are, were, or shall be on an interface with this index. */
  static of(interfaceIndex: number): DispatcherPins[] {
    const folder = dispatcherFolder();
    const names = permitted(folder, () => (existsSync(folder) ? readdirSync(folder) : []));
    const start = `dispatch-${interfaceIndex}-`;
    return names
      .filter((name) => name.startsWith(start) && /^\d+$/.test(name.slice(start.length)))
      .map((name) => new DispatcherPins(interfaceIndex, Number(name.slice(start.length))));
  }

  /**
   * Those of the dispatchers that are on an interface. Only such a one can have a program of weir; to ask the kernel for a program by its id, and
   * so whether that is a dispatcher, takes CAP_SYS_ADMIN.
   */
  static on({ index, xdp }: NetworkInterface): DispatcherPins[] {
    return DispatcherPins.of(index).filter(({ dispatcherId }) =>
      xdp.some(({ programId }) => programId === dispatcherId),
    );
  }

  /** Opens the program at a place. @throws {KernelError} `WEIR_NOT_FOUND` */
  open(place: number): BpfProgram {
    return BpfProgram.open(this.#path(place, "prog"));
  }

  /** Ids of the programs that are pinned. */
  programIds(): number[] {
    const names = ifPresent(() => readdirSync(this.directory)) ?? [];
    return names
      .filter((name) => name.endsWith("-prog"))
      .flatMap((name) => {
        using program = ifFound(() => BpfProgram.open(join(this.directory, name)));
        return program === undefined ? [] : [program.id];
      });
  }

  /** Whether the dispatcher has gone: it is neither on an interface nor in the making. */
  get isDead(): boolean {
    using program = ifFound(() => BpfProgram.byId(this.dispatcherId));
    return program === undefined;
  }

  /** Pins programs at their places, all or none. @throws {KernelError | EngineError} */
  make(programs: readonly BpfProgram[], links: readonly ProgramLink[]): void {
    permitted(this.directory, () => mkdirSync(this.directory, { mode: 0o700 }));
    try {
      for (const [place, link] of links.entries()) link.pin(this.#path(place, "link"));
      for (const [place, program] of programs.entries()) program.pin(this.#path(place, "prog"));
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /** Takes the pins of one program away; its place answers from now on as if nobody had it. The folder goes with the last. */
  removeProgram(id: number): void {
    for (const name of ifPresent(() => readdirSync(this.directory)) ?? []) {
      if (!name.endsWith("-prog")) continue;
      using program = ifFound(() => BpfProgram.open(join(this.directory, name)));
      if (program?.id !== id) continue;
      for (const pin of [name.replace("-prog", "-link"), name]) ifPresent(() => unlinkSync(join(this.directory, pin)));
    }
    const left = ifPresent(() => readdirSync(this.directory));
    if (left?.length === 0) ifPresent(() => rmdirSync(this.directory));
  }

  /** Takes the pins away, with which the dispatcher and its programs go unless they are in use elsewhere. */
  remove(): void {
    for (const name of ifPresent(() => readdirSync(this.directory)) ?? []) {
      ifPresent(() => unlinkSync(join(this.directory, name)));
    }
    ifPresent(() => rmdirSync(this.directory));
  }

  #path(place: number, what: "prog" | "link"): string {
    return join(this.directory, `prog${place}-${what}`);
  }
}

/** Another process may have taken it away just now. */
function ifPresent<Result>(act: () => Result): Result | undefined {
  try {
    return act();
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}
