import type { AtomicOperation, Width } from "../form.ts";
import { aluOperations } from "./arithmetic.ts";

/** Memory as an atomic instruction sees it. */
interface Cell {
  load(address: bigint, width: Width): bigint;
  store(address: bigint, width: Width, value: bigint): void;
}

const changes = {
  add: "add",
  or: "or",
  and: "and",
  xor: "xor",
  "fetch-add": "add",
  "fetch-or": "or",
  "fetch-and": "and",
  "fetch-xor": "xor",
  exchange: "mov",
} as const;

/** Changes memory, and gives what was there before. @param expected what is compared with, for `compare-exchange` */
export function changeAtomically(
  memory: Cell,
  address: bigint,
  { operation, width }: { readonly operation: AtomicOperation; readonly width: 32 | 64 },
  operand: bigint,
  expected: () => bigint,
): bigint {
  const right = BigInt.asUintN(width, operand);
  const before = memory.load(address, width);
  if (operation === "compare-exchange") {
    if (before === BigInt.asUintN(width, expected())) memory.store(address, width, right);
  } else {
    memory.store(address, width, aluOperations[changes[operation]](before, right, width));
  }
  return before;
}

/** Whether the value from before ends up in the source register. */
export function fetches(operation: AtomicOperation): boolean {
  return operation === "exchange" || operation.startsWith("fetch-");
}
