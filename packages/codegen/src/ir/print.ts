import type { Block, Terminator } from "./block.ts";
import type { IrFunction } from "./function.ts";
import { operationText } from "./operation-key.ts";
import type { Value } from "./value.ts";

const LEAVES: ReadonlySet<string> = new Set([
  "constant",
  "config",
  "map",
  "kernel-type",
  "stack",
  "function",
  "parameter",
]);
const SIGNS = {
  eq: "==",
  ne: "!=",
  ult: "<",
  ule: "<=",
  ugt: ">",
  uge: ">=",
  slt: "s<",
  sle: "s<=",
  sgt: "s>",
  sge: "s>=",
  set: "&",
} as const;

/** The function as text: one line per value, values numbered in the order they stand. */
export function printFunction(irFunction: IrFunction): string {
  const names = new Map<Value, string>();
  for (const block of irFunction.blocks) {
    for (const value of [...block.phis, ...block.values]) {
      if (value.width !== 0) names.set(value, `v${names.size}`);
    }
  }
  const name = (value: Value): string => {
    const { current } = value;
    if (LEAVES.has(current.operation.kind)) return operationText(current.operation);
    return names.get(current) ?? `?${current.id}`;
  };
  const lines = [`function ${irFunction.name}(${irFunction.parameters.length})`];
  for (const block of irFunction.blocks) {
    const from = block.predecessors.map((predecessor) => blockName(predecessor)).join(", ");
    lines.push(`${blockName(block)}:${from === "" ? "" : ` ; from ${from}`}`);
    for (const value of [...block.phis, ...block.values]) lines.push(`  ${valueText(value, name)}`);
    if (block.terminator !== undefined) lines.push(`  ${terminatorText(block.terminator, name)}`);
  }
  return `${lines.join("\n")}\n`;
}

function blockName(block: Block): string {
  return block.name === `b${block.id}` ? block.name : `${block.name}.${block.id}`;
}

function valueText(value: Value, name: (value: Value) => string): string {
  const operands = value.operands.map(name).join(", ");
  const result = value.width === 0 ? "" : `${name(value)}:${value.width} = `;
  return `${result}${operationText(value.operation)} ${operands}`.trimEnd();
}

function terminatorText(terminator: Terminator, name: (value: Value) => string): string {
  switch (terminator.kind) {
    case "jump":
      return `jump ${blockName(terminator.target)}`;
    case "return":
      return `return ${name(terminator.value)}`;
    case "branch": {
      const { comparison, width, left, right, whenTrue, whenFalse, seldom } = terminator;
      const rare = (arm: typeof seldom): string => (arm === seldom && arm !== undefined ? " (seldom)" : "");
      const condition = `${name(left)} ${SIGNS[comparison]}${width} ${name(right)}`;
      return `if ${condition} ${blockName(whenTrue)}${rare("whenTrue")} else ${blockName(whenFalse)}${rare("whenFalse")}`;
    }
  }
}
