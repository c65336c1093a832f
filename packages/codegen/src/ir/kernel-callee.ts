import { helpers } from "@weir/bytecode/helpers";
import { kernelFunctions } from "@weir/bytecode/kernel-functions";
import type { Operation } from "./operation.ts";

/** What of the kernel can be called: a helper, by its number, or one of the kernel's own functions, by its name. */
export type KernelCallee = number | string;

/** What may move the packet. */
export const PACKET_MOVERS: ReadonlySet<KernelCallee> = new Set<KernelCallee>([
  ...helpers.filter(({ movesPacket }) => movesPacket).map(({ number }) => number),
  ...[...kernelFunctions.values()].filter(({ movesPacket }) => movesPacket).map(({ name }) => name),
]);

/** The arguments of each helper, by its number. */
const argumentsOfHelpers = new Map(helpers.map(({ number, arguments: list }) => [number, list]));

/** Whether an operation calls a helper that reads what this argument is the address of, and neither writes nor keeps it. */
export function onlyReads(operation: Operation, which: number): boolean {
  const list = operation.kind === "call-helper" ? argumentsOfHelpers.get(operation.helper) : undefined;
  const argument = list?.[which];
  return argument?.kind === "memory" && argument.access === "read";
}

/** Whether an operation calls one of these. */
export function callsOneOf(callees: ReadonlySet<KernelCallee>, operation: Operation): boolean {
  const callee = kernelCallee(operation);
  return callee !== undefined && callees.has(callee);
}

/** What of the kernel an operation calls; undefined when it calls nothing of it. */
export function kernelCallee(operation: Operation): KernelCallee | undefined {
  if (operation.kind === "call-helper") return operation.helper;
  return operation.kind === "call-kernel-function" ? operation.name : undefined;
}
