import { type Btf, parseBtf } from "@weir/bytecode";
import { type BpfMap, KernelError, readBtf } from "@weir/kernel";

/**
 * The types that a map was made with. Undefined where it has none, or where this process may not read them, which takes CAP_SYS_ADMIN: whoever
 * opened its pin has made sure then that they are this version's.
 */
export function typesOf({ info: { btfId } }: BpfMap): Btf | undefined {
  if (btfId === 0) return undefined;
  try {
    return parseBtf(readBtf(btfId));
  } catch (error) {
    if (error instanceof KernelError && error.isPermissionDenied) return undefined;
    throw error;
  }
}
