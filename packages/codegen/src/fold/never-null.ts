import type { Value } from "../ir/value.ts";
import { constantOf } from "./constant.ts";

/** Whether a value is an address in the packet or the stack: neither ever lies at 0. */
export function isNeverNull(value: Value): boolean {
  const { operation, operands } = value.current;
  const [first, second] = operands;
  switch (operation.kind) {
    case "stack":
      return true;
    case "zero-extend":
      return first !== undefined && isPacketField(first.current);
    case "binary":
      if (operation.operator !== "add" || value.width !== 64 || first === undefined) return false;
      return isNeverNull(first) && constantOf(second) !== undefined;
    default:
      return false;
  }
}

/** The kernel makes addresses of such fields of the context as they are loaded. */
const isPacketField = ({ operation }: Value): boolean => operation.kind === "load" && operation.packet;
