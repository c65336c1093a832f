import { parseBtf } from "@weir/bytecode";
import { type BpfProgram, type ExtensionTarget, programDetails, readBtf } from "@weir/kernel";

/** The kernel keeps so many characters of a program's name. */
const KNOWN_LENGTH = 15;

/** One of the programs that a dispatcher calls, or shall call. */
export interface DispatcherMember {
  readonly name: string;
  /** Those with lower numbers run first. */
  readonly priority: number;
  /** Bit n: the next program is called behind verdict n. */
  readonly continueAfter: number;
  /** Takes packets in several buffers. */
  readonly frags: boolean;
  /** The program, loaded for a place if it is not loaded yet. */
  program(place: ExtensionTarget): BpfProgram;
}

/** The order in which libxdp calls programs: by priority, then by name, and else as they were (`cmp_xdp_programs`). */
export function inOrder<Member extends DispatcherMember>(members: readonly Member[]): Member[] {
  return members.toSorted((a, b) => a.priority - b.priority || compare(a.name, b.name));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The whole name of a program in the kernel, which has the rest of a long one in its types. */
export function fullName(program: BpfProgram): string {
  const { name } = program;
  if (name.length < KNOWN_LENGTH) return name;
  const { btfId } = programDetails(program);
  if (btfId === 0) return name;
  const btf = parseBtf(readBtf(btfId));
  for (let id = 1; id < btf.count; id++) {
    const type = btf.type(id);
    if (type.kind === "function" && type.name.startsWith(name)) return type.name;
  }
  return name;
}
