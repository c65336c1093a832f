import type { KernelTypeRelocation } from "@weir/bytecode";
import type { Operation, ValueWidth } from "./operation.ts";
import type { Value } from "./value.ts";

/** Text that is the same for two pure values exactly when they are equal. */
export function operationKey(width: ValueWidth, operation: Operation, operands: readonly Value[]): string {
  let key = `${width} ${operationText(operation)}`;
  for (const operand of operands) key += ` ${operand.current.id}`;
  return key;
}

/** The operation as dumps show it, without operands. */
export function operationText(operation: Operation): string {
  switch (operation.kind) {
    case "constant":
      return operation.value < 10n ? `${operation.value}` : `0x${operation.value.toString(16)}`;
    case "config":
      return `config ${operation.config}`;
    case "map":
      return operation.of === "map" ? `map ${operation.map}` : `value of map ${operation.map}`;
    case "kernel-type":
      return relocationText(operation.relocation);
    case "function":
      return `function ${operation.name}`;
    case "stack":
      return `stack slot${operation.slot.id} (${operation.slot.size} bytes)`;
    case "parameter":
      return `parameter ${operation.index}`;
    case "binary":
      return operation.operator;
    case "sign-extend":
      return `sign-extend from ${operation.from}`;
    case "byte-swap":
      return `byte-swap ${operation.bits}`;
    case "load":
      return `load u${operation.bits}${operation.volatile ? " volatile" : ""} ${placeText(operation)}`;
    case "store":
      return `store u${operation.bits} ${displacement(operation.offset)}`;
    case "atomic": {
      const { operator, fetch, bits, offset } = operation;
      return `atomic ${operator}${fetch ? " fetch" : ""} u${bits} ${displacement(offset)}`;
    }
    case "call-helper":
      return `call helper ${operation.helper}`;
    case "call-kernel-function":
      return `call kernel function ${operation.name}`;
    case "call-function":
      return `call ${operation.name}`;
    default:
      return operation.kind;
  }
}

function placeText({ offset, relocation }: Operation & { readonly kind: "load" }): string {
  return relocation === undefined ? displacement(offset) : relocationText(relocation);
}

/** The same for two relocations exactly when they ask the same. */
export function relocationText({ question, type, access }: KernelTypeRelocation): string {
  return `${question} of type ${type} ${access}`;
}

function displacement(offset: number): string {
  return offset < 0 ? `${offset}` : `+${offset}`;
}
