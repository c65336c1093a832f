import type { BpfProgram, ExtensionTarget } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import { changeDispatcher } from "./change.ts";
import { type DispatcherMember, inOrder } from "./member.ts";
import { type Shared, seatOf } from "./seat.ts";
import type { SharedAttachment } from "./shared-attachment.ts";

/** A program that shall take the place of another one among several. */
export interface SuccessorOptions {
  /** That of its predecessor unless given. */
  readonly priority: number | undefined;
  readonly frags: boolean;
  /** Loads it for a place. Called once. */
  load(place: ExtensionTarget): BpfProgram;
  /** Is told of the program before it is put anywhere: what is pinned by then is found when this process is killed. */
  keep(program: BpfProgram): void;
}

/**
 * Puts a program in the place of one that the dispatcher of an interface calls, by another dispatcher with the same others: each packet meets
 * the one or the other.
 *
 * @returns the programs as they are then
 * @throws {EngineError} `WEIR_BUSY` when the predecessor is not among them any more
 * @throws {KernelError} when the kernel refuses; then all is as before
 */
export function replaceInDispatcher(
  { programId: predecessor, interfaceIndex, interfaceName }: SharedAttachment,
  { priority, frags, load, keep }: SuccessorOptions,
): Shared {
  let successor: BpfProgram | undefined;
  const program = (place: ExtensionTarget): BpfProgram => {
    if (successor !== undefined) return successor;
    successor = load(place);
    keep(successor);
    return successor;
  };
  changeDispatcher(interfaceIndex, "auto", (present) => {
    const members = present.kind === "dispatcher" ? present.members : [];
    if (!members.some(({ id }) => id === predecessor)) throw takenOut(interfaceName);
    const next = members.map((member): DispatcherMember => {
      if (member.id !== predecessor) return member;
      return { ...member, priority: priority ?? member.priority, frags, program };
    });
    return inOrder(next);
  });
  const seat = successor && seatOf(successor.id, interfaceIndex);
  if (seat === undefined) throw takenOut(interfaceName);
  return seat.shared;
}

function takenOut(name: string): EngineError {
  return new EngineError("WEIR_BUSY", `another process took weir out of the programs on ${name} while it was replaced`);
}
