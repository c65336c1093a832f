import {
  type BpfProgram,
  type ExtensionTarget,
  extensionRefusal,
  KernelError,
  type NetworkInterface,
} from "@weir/kernel";
import { DISPATCHER_PROGRAMS } from "@weir/programs";
import { EngineError } from "../errors.ts";
import type { Mode } from "../mode.ts";
import { changeDispatcher } from "./change.ts";
import { leaveDispatcher } from "./leave.ts";
import { type DispatcherMember, inOrder } from "./member.ts";
import { type Present, type PresentDispatcher, presentOn } from "./present.ts";
import { seatOf } from "./seat.ts";
import { SharedAttachment } from "./shared-attachment.ts";

/** `XDP_PASS`: what a monitor says of every packet. */
const PASS = 2;

/** A program of weir that shall be one of several. */
export interface JoinOptions {
  readonly target: NetworkInterface;
  readonly mode: Mode;
  /** The whole of its name. */
  readonly name: string;
  readonly priority: number;
  readonly frags: boolean;
  /** Loads it for a place. Called once. */
  load(place: ExtensionTarget): BpfProgram;
  /** Is told of the program before it is put anywhere: what is pinned by then is found when this process is killed. */
  keep(program: BpfProgram): void;
  /** What takes it out again, instead of its merely leaving the dispatcher. */
  leave?(): void;
}

/** Whether a dispatcher is on an interface, which other programs may join; false where this process may not look (CAP_SYS_ADMIN). */
export function hasDispatcher(target: NetworkInterface): boolean {
  try {
    const present = presentOn(target);
    using _programs = present.kind === "dispatcher" ? present : undefined;
    return present.kind === "dispatcher" || present.kind === "unusable";
  } catch (error) {
    if (error instanceof KernelError && error.isPermissionDenied) return false;
    throw error;
  }
}

/**
 * Puts a program among those that the dispatcher of an interface calls, by libxdp's protocol; where there is nothing, with a dispatcher of
 * its own, which others may join.
 *
 * @throws {EngineError} `WEIR_KERNEL` where this kernel has no dispatchers, `WEIR_BUSY` where a program is that is in none, or a dispatcher
 * that cannot be joined, `WEIR_MODE` where it runs in another mode
 * @throws {KernelError}
 */
export function joinDispatcher({ target, mode, keep, load, leave, ...member }: JoinOptions): SharedAttachment {
  if (mode === "hw") {
    throw new EngineError(
      "WEIR_MODE",
      `a network card runs one program alone: ${target.name} cannot have several in mode hw`,
    );
  }
  const refusal = extensionRefusal();
  if (refusal !== undefined)
    throw new EngineError("WEIR_KERNEL", noDispatchers(target, refusal.message), { cause: refusal });
  let program: BpfProgram | undefined;
  const own: DispatcherMember = {
    ...member,
    continueAfter: 1 << PASS,
    program(place) {
      if (program !== undefined) return program;
      program = load(place);
      keep(program);
      return program;
    },
  };
  const fallback = changeDispatcher(target.index, mode, (present, now) =>
    inOrder([...others(present, now, mode), own]),
  );
  if (program === undefined) throw new Error("the program was not loaded");
  const { id } = program;
  const seat = seatOf(id, target.index);
  if (seat !== undefined) return new SharedAttachment(id, seat, { fallback, leave });
  (leave ?? (() => leaveDispatcher(id, target.index)))();
  throw new EngineError("WEIR_BUSY", `another process took weir out of the programs on ${target.name} at once`);
}

/** The programs that are there already. */
function others(present: Present, target: NetworkInterface, mode: Mode): PresentDispatcher["members"] {
  const { name } = target;
  switch (present.kind) {
    case "none":
      return [];
    case "program":
      throw new EngineError(
        "WEIR_BUSY",
        `another XDP program is attached to ${name}, and in no dispatcher, so none can be beside it: ${described(target)}. It was left as it is.`,
      );
    case "unusable":
      throw new EngineError(
        "WEIR_BUSY",
        `the dispatcher on ${name} cannot be joined: ${present.reason}. It was left as it is.`,
      );
    case "dispatcher": {
      if (mode !== "auto" && mode !== present.mode) {
        throw new EngineError(
          "WEIR_MODE",
          `the programs on ${name} run in mode ${present.mode}, and one that joins them does so too\n  Use --mode ${present.mode}, or auto.`,
        );
      }
      if (present.members.length >= DISPATCHER_PROGRAMS) {
        throw new EngineError(
          "WEIR_BUSY",
          `${name} has ${DISPATCHER_PROGRAMS} programs already, as many as a dispatcher calls`,
        );
      }
      return present.members;
    }
  }
}

const described = ({ xdp }: NetworkInterface): string =>
  xdp.map(({ programId, mode }) => `id ${programId}, mode ${mode}`).join("; ");

/** Why there can be no dispatcher here, and what then. */
function noDispatchers({ name, xdp }: NetworkInterface, answer: string): string {
  const then =
    xdp.length === 0
      ? "Without --shared weir is the only program on the interface."
      : "One program alone can be on an interface then; end the one that is there first.";
  return `several programs on ${name} need a dispatcher, and this kernel does not run one: ${answer}\n  ${then}`;
}
