import { withVariables } from "@weir/bytecode";
import { encode } from "@weir/bytecode/layout";
import { attachExtension, type BpfProgram, loadObject, type ProgramLink } from "@weir/kernel";
import {
  DISPATCHER_MAGIC,
  DISPATCHER_PROGRAMS,
  DISPATCHER_VERSION,
  DispatcherSettings,
  dispatcherObject,
  NOTHING_REPLACED,
} from "@weir/programs";
import { ownProgram } from "../own-program.ts";
import type { DispatcherMember } from "./member.ts";
import { DispatcherPins } from "./pins.ts";
import { DISPATCHER } from "./present.ts";

/** `BPF_F_XDP_HAS_FRAGS`, as it stands in a dispatcher's settings. */
const HAS_FRAGS = 1 << 5;

/** A dispatcher with its programs in their places, on no interface yet. */
export interface MadeDispatcher extends Disposable {
  readonly program: BpfProgram;
  readonly pins: DispatcherPins;
}

/**
 * Makes a dispatcher that calls these programs, in this order, and pins them: from then on it is whole without this process.
 *
 * @throws {KernelError} when the kernel refuses one of them
 */
export function makeDispatcher(members: readonly DispatcherMember[], interfaceIndex: number): MadeDispatcher {
  using stack = new DisposableStack();
  const frags = members.every((member) => member.frags);
  const conf = new Uint8Array(DispatcherSettings.size);
  encode(DispatcherSettings, settingsFor(members, frags), new DataView(conf.buffer));
  const object = stack.use(loadObject(withVariables(dispatcherObject(), { conf }), { name: DISPATCHER }));
  const program = ownProgram(object, DISPATCHER, { frags });
  const programs: BpfProgram[] = [];
  const links: ProgramLink[] = [];
  for (const [place, member] of members.entries()) {
    // One alone takes the place of the whole dispatcher, as with libxdp: then nothing is dispatched, and nothing costs.
    const target = { program, function: members.length === 1 ? DISPATCHER : `prog${place}` };
    const extension = member.program(target);
    programs.push(extension);
    links.push(stack.use(attachExtension(extension, target)));
  }
  const pins = new DispatcherPins(interfaceIndex, program.id);
  pins.make(programs, links);
  const resources = stack.move();
  return { program, pins, [Symbol.dispose]: () => resources.dispose() };
}

function settingsFor(members: readonly DispatcherMember[], frags: boolean) {
  const places = Array.from({ length: DISPATCHER_PROGRAMS }, (_, place) => members[place]);
  return {
    magic: DISPATCHER_MAGIC,
    version: DISPATCHER_VERSION,
    programs: members.length,
    frags: frags ? 1 : 0,
    // A program that has gone leaves a function that says so: the next one is called behind it.
    continueAfter: places.map((member) =>
      member === undefined ? 0 : (member.continueAfter | (1 << NOTHING_REPLACED)) >>> 0,
    ),
    priorities: places.map((member) => member?.priority ?? 0),
    flags: places.map((member) => (member?.frags ? HAS_FRAGS : 0)),
  };
}
