import type { Variable } from "@weir/codegen";
import { Mistake } from "../diagnostics/mistake.ts";
import type { Expression } from "../tree/expression.ts";
import type { Local } from "../tree/local.ts";
import type { DeclareNode, IfNode, LoopNode, ReturnNode, Statement, SwitchNode, TurnsNode } from "../tree/statement.ts";
import { isScalar } from "../types/kernel-type.ts";
import { firstTested } from "./first-tested.ts";
import type { FunctionLowering } from "./function-lowering.ts";
import { isInPacket } from "./in-packet.ts";
import { registerWidth, valueWidth } from "./memory.ts";
import { copyRecord } from "./record.ts";

export function lowerStatement(node: Statement, lowering: FunctionLowering): void {
  switch (node.kind) {
    case "block":
      lowerBlock(node.body, lowering);
      return;
    case "declare":
      lowerDeclare(node, undefined, lowering);
      return;
    case "expression":
      lowerEffect(node.expression, lowering);
      return;
    case "if":
      lowerIf(node, lowering);
      return;
    case "loop":
      lowerLoop(node, lowering);
      return;
    case "turns":
      lowerTurns(node, lowering);
      return;
    case "switch":
      lowerSwitch(node, lowering);
      return;
    case "break":
    case "continue":
      lowering.builder.jump(lowering.jumps.find(node.kind, node.target));
      startUnreachable(lowering);
      return;
    case "return":
      lowerReturn(node, lowering);
      startUnreachable(lowering);
      return;
  }
}

function lowerEffect(node: Expression, lowering: FunctionLowering): void {
  if (node.kind === "builtin" && node.builtin.lowerEffect !== undefined) node.builtin.lowerEffect(node, lowering);
  else lowering.expression(node);
}

/** What stands behind a jump is made in a block that nothing reaches, and so dropped. */
function startUnreachable(lowering: FunctionLowering): void {
  lowering.continueAt(lowering.builder.block("unreachable"));
}

function lowerBlock(body: readonly Statement[], lowering: FunctionLowering): void {
  for (const [index, statement] of body.entries()) {
    if (!lowering.builder.reachable && lowering.pending === undefined) return;
    if (statement.kind === "declare") lowerDeclareBefore(statement, body[index + 1], lowering);
    else lowering.statement(statement);
  }
}

function lowerDeclareBefore(node: DeclareNode, next: Statement | undefined, lowering: FunctionLowering): void {
  const nextTest = next && firstTested(next);
  lowering.at(node.span, () => lowerDeclare(node, nextTest?.local, lowering));
}

function lowerDeclare(node: DeclareNode, tested: Local | undefined, lowering: FunctionLowering): void {
  const { builder } = lowering;
  const { local, initializer } = node;
  const { type } = local;
  if (initializer === undefined) {
    const variable = builder.variable(valueWidth(type));
    builder.write(variable, builder.constant(variable.width, 0n));
    lowering.bind(local, { kind: "variable", variable });
    return;
  }
  if (type.kind === "record" && type.nullable && tested === local) {
    const variable = builder.variable(64);
    const [notNull, isNull] = [builder.block(), builder.block()];
    lowering.nullable(initializer, variable, notNull, isNull);
    lowering.bind(local, { kind: "variable", variable });
    noteRecord(initializer, variable, lowering);
    lowering.pending = { local, notNull, isNull };
    return;
  }
  const value = lowering.expression(initializer);
  if (value.kind === "nothing") throw new Error(`${local.name} is given nothing`);
  if (value.kind === "place" && !local.mutable) {
    lowering.bind(local, value);
    return;
  }
  if (value.kind === "place" && value.place.kind === "fields") throw new Mistake("WEIR1304", node.span);
  const initial = value.kind === "place" ? lowering.address(value.place) : value.value;
  const variable = builder.variable(initial.width === 64 ? 64 : 32);
  builder.write(variable, initial);
  lowering.bind(local, { kind: "variable", variable });
  noteRecord(initializer, variable, lowering);
}

function noteRecord(value: Expression, variable: Variable, lowering: FunctionLowering): void {
  if (value.type.kind === "record" && isInPacket(value, lowering)) lowering.packetVariables.add(variable);
}

function lowerIf(node: IfNode, lowering: FunctionLowering): void {
  const { builder } = lowering;
  const [whenTrue, whenFalse, after] = [builder.block(), builder.block(), builder.block()];
  lowering.condition(node.condition, whenTrue, node.whenFalse === undefined ? after : whenFalse);
  lowering.continueAt(whenTrue);
  lowering.statement(node.whenTrue);
  builder.jump(after);
  if (node.whenFalse !== undefined) {
    lowering.continueAt(whenFalse);
    lowering.statement(node.whenFalse);
    builder.jump(after);
  }
  lowering.continueAt(after);
}

function lowerLoop(node: LoopNode, lowering: FunctionLowering): void {
  const { builder } = lowering;
  const [head, body, next, after] = [builder.block(), builder.block(), builder.block(), builder.block()];
  lowering.jumps.set(node.target, after, next);
  const { condition } = node;
  // What a verifier names of a loop that does not end is the condition; of `while (true)`, the way back to it.
  const atCondition = (work: () => void): void => lowering.at(condition?.span ?? node.span, work);
  const test = (): void => {
    if (condition === undefined) builder.jump(body);
    else lowering.condition(condition, body, after);
  };
  builder.jump(node.bodyFirst ? body : head);
  if (!node.bodyFirst) {
    builder.enter(head);
    atCondition(test);
    builder.seal(body);
  }
  builder.enter(body);
  lowering.statement(node.body);
  atCondition(() => builder.jump(next));
  lowering.continueAt(next);
  if (node.update !== undefined) lowering.expression(node.update);
  atCondition(node.bodyFirst ? test : () => builder.jump(head));
  builder.seal(head);
  builder.seal(body);
  lowering.continueAt(after);
}

function lowerTurns({ target, turns }: TurnsNode, lowering: FunctionLowering): void {
  const { builder } = lowering;
  const after = builder.block();
  for (const turn of turns) {
    const next = builder.block();
    lowering.jumps.set(target, after, next);
    lowering.statement(turn);
    builder.jump(next);
    lowering.continueAt(next);
  }
  builder.jump(after);
  lowering.continueAt(after);
}

function lowerSwitch(node: SwitchNode, lowering: FunctionLowering): void {
  const { builder } = lowering;
  const subject = lowering.value(node.subject);
  const width = isScalar(node.subject.type) ? registerWidth(node.subject.type) : 32;
  const after = builder.block();
  lowering.jumps.set(node.target, after);
  const blocks = node.clauses.map(() => builder.block());
  let otherwise = after;
  for (const [index, { test }] of node.clauses.entries()) {
    const block = blocks[index] ?? after;
    if (test === undefined) {
      otherwise = block;
      continue;
    }
    const next = builder.block();
    builder.branch("eq", width, subject, builder.constant(width, test), block, next);
    lowering.continueAt(next);
  }
  builder.jump(otherwise);
  for (const [index, clause] of node.clauses.entries()) {
    lowering.continueAt(blocks[index] ?? after);
    lowerBlock(clause.body, lowering);
    // Into the next clause, as in JavaScript.
    builder.jump(blocks[index + 1] ?? after);
  }
  lowering.continueAt(after);
}

function lowerReturn({ value, span }: ReturnNode, lowering: FunctionLowering): void {
  const { builder, returnTarget: target } = lowering;
  if (target === undefined) {
    builder.return(value === undefined ? builder.constant(64, lowering.silent) : lowering.value(value));
    lowering.givesPacket ||= value?.type.kind === "record" && isInPacket(value, lowering);
    return;
  }
  if (value === undefined) {
    if (target.kind === "nothing") builder.jump(target.after);
    return;
  }
  switch (target.kind) {
    case "nothing":
      lowering.expression(value);
      builder.jump(target.after);
      return;
    case "condition":
      lowering.condition(value, target.whenTrue, target.whenFalse);
      return;
    case "nullable":
      lowering.nullable(value, target.variable, target.notNull, target.isNull);
      return;
    case "record":
      if (value.type.kind !== "record") throw new Error("a function returns something else than its type says");
      copyRecord(value.type.layout, lowering.place(value), target.place, lowering);
      builder.jump(target.after);
      return;
    case "variable": {
      const result = lowering.expression(value);
      if (result.kind === "place" && result.place.kind === "fields") throw new Mistake("WEIR1304", span);
      if (result.kind === "nothing") throw new Error("a function returns nothing");
      builder.write(target.variable, result.kind === "place" ? lowering.address(result.place) : result.value);
      builder.jump(target.after);
      return;
    }
  }
}
