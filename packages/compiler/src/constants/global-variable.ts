import type { Layout } from "@weir/bytecode/layout";
import { Mistake } from "../diagnostics/mistake.ts";
import type { Span } from "../source-file.ts";
import type { VariableDeclaration } from "../syntax/declaration.ts";
import { literalType } from "../types/scalar.ts";
import { checkName } from "./argument.ts";
import { booleanConstant, type Constant, type ConstantOf, type GlobalDeclaration, plainInteger } from "./constant.ts";
import type { Constants } from "./constants.ts";
import { encodeConstant } from "./encode-constant.ts";
import { listLayout } from "./list-layout.ts";
import { resolveType } from "./resolve-type.ts";
import { layoutOfType } from "./type-layout.ts";
import type { WordCall, WordCallEvaluator } from "./word-call.ts";
import { scalarLayouts } from "./word-value.ts";

/** `let packets: u64 = 0;` of a file: an integer or a boolean that all packets, and user space, share. */
export function globalVariable(declaration: VariableDeclaration, constants: Constants): Constant {
  const { name, type, initializer, span } = declaration;
  const value = initializer === undefined ? undefined : constants.evaluate(initializer);
  if (initializer !== undefined && value === undefined) throw new Mistake("WEIR1201", initializer.span);
  const layout = type === undefined ? layoutOfValue(value) : declaredLayout(type, constants);
  if (layout?.kind !== "scalar") throw new Mistake("WEIR1211", span, name);
  const initial = value ?? (layout.name === "bool" ? booleanConstant(false) : plainInteger(0n));
  return declare(name, layout, initial, span, initializer?.span ?? span);
}

function layoutOfValue(value: Constant | undefined): Layout | undefined {
  if (value?.kind === "boolean") return scalarLayouts.get("bool");
  if (value?.kind !== "integer") return undefined;
  return scalarLayouts.get((value.type ?? literalType(value.value))?.name ?? "");
}

function declaredLayout(type: NonNullable<VariableDeclaration["type"]>, constants: Constants): Layout | undefined {
  const resolved = resolveType(type, constants);
  return resolved && layoutOfType(resolved);
}

/** Bytes. Their contents are a part of the object, and of the one value of a map. */
const LARGEST = 1 << 24;

/** `global(Layout, initial)`, `readOnly(Layout, initial)` and `table(Layout, elements)`. */
export const globalCalls: ReadonlyMap<string, WordCallEvaluator> = new Map<string, WordCallEvaluator>([
  ["global", (word) => declareGlobal(word, undefined)],
  ["readOnly", (word) => declareGlobal(word, ".rodata")],
  ["table", declareTable],
]);

/** @param section where it lies; that of variables, by what it begins with, unless given */
function declareGlobal(word: WordCall, section: GlobalDeclaration["section"] | undefined): Constant {
  const { call, name, constants } = word;
  if (name === undefined) throw new Mistake("WEIR1204", call.span);
  const [layoutSyntax, initialSyntax] = call.arguments;
  const layout = layoutSyntax && constants.evaluate(layoutSyntax);
  if (layout?.kind !== "layout") throw new Mistake("WEIR1201", layoutSyntax?.span ?? call.span);
  if (layout.layout.kind === "scalar") throw new Mistake("WEIR1212", call.span, name, layout.layout.name);
  const initial = initialSyntax && constants.evaluate(initialSyntax);
  if (initialSyntax !== undefined && initial === undefined) throw new Mistake("WEIR1201", initialSyntax.span);
  const { global } = declare(name, layout.layout, initial, call.span, initialSyntax?.span ?? call.span);
  return { kind: "global", global: section === undefined ? global : Object.freeze({ ...global, section }) };
}

function declare(
  name: string,
  layout: Layout,
  initial: Constant | undefined,
  span: Span,
  initialSpan: Span,
): ConstantOf<"global"> {
  checkName(span, name, "a global variable");
  if (layout.size > LARGEST) throw new Mistake("WEIR1214", span, name, layout.size);
  const contents = new Uint8Array(layout.size);
  if (initial !== undefined) encodeConstant(initial, layout, contents, 0, initialSpan);
  const section = contents.some((byte) => byte !== 0) ? ".data" : ".bss";
  return { kind: "global", global: Object.freeze({ name, section, layout, initial: contents, span }) };
}

function declareTable({ call, name, constants }: WordCall): Constant {
  const [layoutSyntax, listSyntax] = call.arguments;
  const layout = layoutSyntax && constants.evaluate(layoutSyntax);
  if (layout?.kind !== "layout") throw new Mistake("WEIR1201", layoutSyntax?.span ?? call.span);
  const list = listSyntax && constants.evaluate(listSyntax);
  if (list?.kind !== "list") throw new Mistake("WEIR1201", listSyntax?.span ?? call.span);
  return Object.freeze({ ...list, element: layout.layout, name });
}

const tables = new WeakMap<Constant, GlobalDeclaration>();

/** Where a list of constants lies in memory that nobody can write to; it is put there when the program needs it there. */
export function tableOf(list: Extract<Constant, { kind: "list" }>, span: Span, { file }: Constants): GlobalDeclaration {
  let table = tables.get(list);
  if (table === undefined) {
    const layout = listLayout(list, span);
    const initial = new Uint8Array(layout.size);
    encodeConstant(list, layout, initial, 0, list.span);
    const names = new Set([...file.globals].map((known) => known.name));
    const name = unused(list.name === undefined || list.name === "" ? "table" : list.name, names);
    table = Object.freeze({ name, section: ".rodata", layout, initial, span: list.span });
    tables.set(list, table);
  }
  file.globals.add(table);
  return table;
}

/** A name that is not among those there are: two functions may each have a list of the same name. */
export function unused(name: string, names: ReadonlySet<string>): string {
  if (!names.has(name)) return name;
  for (let count = 2; ; count++) if (!names.has(`${name}_${count}`)) return `${name}_${count}`;
}
