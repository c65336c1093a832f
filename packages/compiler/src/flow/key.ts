import type { Expression } from "../tree/expression.ts";
import type { Local } from "../tree/local.ts";
import { byteOrderWords } from "../types/byte-order.ts";

/** Text that is the same for expressions that give the same value, until something that it depends on changes. */
export interface Key {
  readonly text: string;
  readonly locals: ReadonlySet<Local>;
  /** It reads memory, which stores and calls change. */
  readonly memory: boolean;
}

/** What changes no memory, and gives the same each time. */
const pure = new Set(byteOrderWords.map(({ name }) => name));

const ids = new WeakMap<Local, number>();
let lastId = 0;

function idOf(local: Local): number {
  const id = ids.get(local) ?? ++lastId;
  ids.set(local, id);
  return id;
}

const known = new WeakMap<Expression, { readonly key: Key | undefined }>();

/** Undefined for what may give something else each time. */
export function keyOf(node: Expression): Key | undefined {
  let entry = known.get(node);
  if (entry === undefined) {
    entry = { key: makeKey(node) };
    known.set(node, entry);
  }
  return entry.key;
}

function makeKey(node: Expression): Key | undefined {
  switch (node.kind) {
    case "literal":
      return { text: `${node.value}`, locals: new Set(), memory: false };
    case "config":
      return { text: `config ${node.config.name}`, locals: new Set(), memory: false };
    case "local":
      return { text: `v${idOf(node.local)}`, locals: new Set([node.local]), memory: false };
    case "global":
      return { text: `global ${node.global.name}`, locals: new Set(), memory: true };
    case "member":
      return join([node.record], (record) => `${record}.${node.offset}`, true);
    case "element":
      return join([node.array, node.index], (array, index) => `${array}[${index}]`, true);
    case "convert":
      return join([node.operand], (operand) => `${node.type.name}(${operand})`);
    case "binary":
      return join([node.left, node.right], (left, right) => `(${left} ${node.operator} ${right} ${node.type.name})`);
    case "builtin":
      if (node.builtin.name === "packet.length") return { text: "packet.length", locals: new Set(), memory: true };
      if (!pure.has(node.builtin.name)) return undefined;
      return join(node.arguments, (argument) => `${node.builtin.name}(${argument})`);
    default:
      return undefined;
  }
}

function join(
  nodes: readonly Expression[],
  text: (...parts: readonly string[]) => string,
  memory = false,
): Key | undefined {
  const keys = nodes.map(keyOf);
  const all = keys.filter((key) => key !== undefined);
  if (all.length < keys.length) return undefined;
  return {
    text: text(...all.map((key) => key.text)),
    locals: new Set(all.flatMap((key) => [...key.locals])),
    memory: memory || all.some((key) => key.memory),
  };
}
