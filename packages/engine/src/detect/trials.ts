import { alu, exit, type ObjectSpec, type ProgramSpec } from "@weir/bytecode";
import {
  AttachError,
  attachXdp,
  KernelError,
  type LoadedObject,
  loadObject,
  mergingOffloads,
  type NetworkInterface,
  queryXdp,
} from "@weir/kernel";
import type { AttachedMode } from "../mode.ts";
import { ownProgram } from "../own-program.ts";
import type { Trial, Unanswered } from "./detection.ts";

const PROGRAM = "weir_try";
const XDP_PASS = 2;

/** Which programs are tried: in the driver for one buffer and for several. */
const TRIED: readonly { readonly mode: AttachedMode; readonly frags: boolean }[] = [
  { mode: "drv", frags: false },
  { mode: "drv", frags: true },
  { mode: "skb", frags: false },
  { mode: "hw", frags: false },
];

/**
 * Attaches a program that passes every frame, in each mode, and takes it off again at once. Drivers of cards may stop for that moment,
 * to set up their rings anew.
 */
export function tryModes(target: NetworkInterface, unanswered: readonly Unanswered[] = []): Trial[] {
  const [there] = queryXdp(target.index);
  if (there !== undefined) {
    const reason = `program "${there.programName ?? "?"}" (id ${there.programId}) is there`;
    return TRIED.map((tried) => ({ ...tried, outcome: "not tried", reason }));
  }
  const harm = harmOfGeneric(target, unanswered);
  return TRIED.map((tried) =>
    // Generic XDP goes with every driver, so nothing is lost by not trying.
    tried.mode === "skb" && harm !== undefined
      ? { ...tried, outcome: "not tried", reason: harm }
      : { ...tried, ...tryMode(target, tried) },
  );
}

/** The kernel switches offloads that merge packets off for generic XDP, for good. */
function harmOfGeneric({ index }: NetworkInterface, unanswered: readonly Unanswered[]): string | undefined {
  const untold = unanswered.find(({ question }) => question === "offloads");
  if (untold !== undefined)
    return `the kernel may switch offloads off for good, and which are on is not known: ${untold.reason}`;
  const merging = mergingOffloads(index);
  return merging.length === 0 ? undefined : `the kernel would switch ${merging.join(", ")} off, and leave it off`;
}

function tryMode(target: NetworkInterface, { mode, frags }: (typeof TRIED)[number]): Pick<Trial, "outcome" | "reason"> {
  try {
    // One for the card is made for it.
    using object: LoadedObject = loadObject(passObject(), mode === "hw" ? { offloadTo: target.index } : {});
    const program = ownProgram(object, PROGRAM, { frags });
    using _ = attachXdp({ interface: target.index, program, mode });
    return { outcome: "attached", reason: undefined };
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    // For a card, loading is where it refuses. Otherwise what is no refusal of the driver says nothing of it.
    const isDriver = mode === "hw" ? !error.isPermissionDenied : error instanceof AttachError && error.isNotSupported;
    return { outcome: isDriver ? "refused" : "not tried", reason: error.answer };
  }
}

/** An object with a program that passes every frame. */
export function passObject(): ObjectSpec {
  const program: ProgramSpec = {
    name: PROGRAM,
    section: "xdp",
    type: "xdp",
    frags: false,
    instructions: [alu("mov", 64, 0, XDP_PASS), exit()],
    references: [],
    functions: [],
    lines: [],
  };
  return {
    license: "MIT",
    maps: new Map(),
    programs: new Map([[PROGRAM, program]]),
    configs: new Map(),
    btf: undefined,
  };
}
