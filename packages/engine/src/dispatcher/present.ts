import {
  ArrayMap,
  BpfMap,
  BpfProgram,
  KernelError,
  type NetworkInterface,
  programDetails,
  type XdpMode,
} from "@weir/kernel";
import { DISPATCHER_MAGIC, DISPATCHER_VERSION, DispatcherSettings, NOTHING_REPLACED } from "@weir/programs";
import { ifFound } from "../if-found.ts";
import { dispatcherFolder } from "./folder.ts";
import { type DispatcherMember, fullName } from "./member.ts";
import { DispatcherPins } from "./pins.ts";

/** What every dispatcher is called. */
export const DISPATCHER = "xdp_dispatcher";

/** A program that a dispatcher calls. */
export interface PresentMember extends DispatcherMember {
  readonly id: number;
}

/** A dispatcher that is on an interface, with its programs open. */
export interface PresentDispatcher extends Disposable {
  readonly kind: "dispatcher";
  readonly mode: XdpMode;
  readonly program: BpfProgram;
  /** In the order in which they run. */
  readonly members: readonly PresentMember[];
  readonly pins: DispatcherPins;
}

/** What is on an interface. */
export type Present =
  | PresentDispatcher
  | { readonly kind: "none" }
  /** One that is no dispatcher, or is on the network card. */
  | { readonly kind: "program" }
  /** A dispatcher that weir can neither join nor leave: why, as a clause. */
  | { readonly kind: "unusable"; readonly reason: string };

/** What is on an interface, by libxdp's protocol. Its programs do not change while the dispatchers are locked. */
export function presentOn(target: NetworkInterface): Present {
  const attached = target.xdp.find(({ mode }) => mode !== "hw");
  if (attached === undefined) return target.xdp.length === 0 ? { kind: "none" } : { kind: "program" };
  using stack = new DisposableStack();
  const program = stack.use(ifFound(() => BpfProgram.byId(attached.programId)));
  if (program?.name !== DISPATCHER) return { kind: "program" };
  const settings = settingsOf(program);
  if (settings === undefined) {
    return { kind: "unusable", reason: `it is not of version ${DISPATCHER_VERSION} of libxdp's protocol` };
  }
  const pins = new DispatcherPins(target.index, program.id);
  const members: PresentMember[] = [];
  for (let place = 0; place < settings.programs; place++) {
    const member = stack.use(ifFound(() => pins.open(place)));
    if (member === undefined) return { kind: "unusable", reason: withoutPins(pins) };
    members.push({
      id: member.id,
      name: fullName(member),
      priority: settings.priorities[place] ?? 0,
      continueAfter: without(settings.continueAfter[place] ?? 0, NOTHING_REPLACED),
      frags: settings.flags[place] !== 0,
      program: () => member,
    });
  }
  const resources = stack.move();
  return {
    kind: "dispatcher",
    mode: attached.mode,
    program,
    members,
    pins,
    [Symbol.dispose]: () => resources.dispose(),
  };
}

function settingsOf(program: BpfProgram) {
  const { mapIds } = programDetails(program);
  const [id] = mapIds;
  if (id === undefined || mapIds.length !== 1) return undefined;
  using map = ifFound(() => BpfMap.byId(id));
  if (map?.info.valueSize !== DispatcherSettings.size) return undefined;
  try {
    const settings = ArrayMap.of(map, { value: DispatcherSettings }).at(0);
    return settings.magic === DISPATCHER_MAGIC && settings.version === DISPATCHER_VERSION ? settings : undefined;
  } catch (error) {
    // The kernel says what is in its map, and it is no settings.
    if (error instanceof KernelError && error.code === "WEIR_MAP_LAYOUT") return undefined;
    throw error;
  }
}

const without = (mask: number, bit: number): number => (mask & ~(1 << bit)) >>> 0;

const withoutPins = ({ directory }: DispatcherPins): string =>
  `its programs are not pinned in ${directory}: they were changed just now, or attached by a process with mounts of its own, as below ` +
  `\`ip netns exec\` (others use \`nsenter --net=\`), or with another LIBXDP_BPFFS than ${dispatcherFolder()}`;
