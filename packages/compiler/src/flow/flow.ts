import type { ElementNode } from "../tree/access.ts";
import type { UpdateNode } from "../tree/assignment.ts";
import type { CallNode } from "../tree/call.ts";
import { capturesOf } from "../tree/captures.ts";
import { childExpressions } from "../tree/children.ts";
import type { Expression } from "../tree/expression.ts";
import type { FunctionTree } from "../tree/function.ts";
import type { LocalNode } from "../tree/leaf.ts";
import type { Local } from "../tree/local.ts";
import type { OptionalNode } from "../tree/optional.ts";
import { ownLocals } from "../tree/own-locals.ts";
import { type Range, rangeOf } from "../tree/range.ts";
import type { JumpTarget, LoopNode, Statement, SwitchNode } from "../tree/statement.ts";
import { byteOrderWords } from "../types/byte-order.ts";
import { isScalar } from "../types/kernel-type.ts";
import { type Bounds, both, intersect, operate, unite, wholeRange } from "./bounds.ts";
import { keyOf } from "./key.ts";
import { constrain, oneValue, refine } from "./refine.ts";
import { joinStates, State } from "./state.ts";

/** Turns of a loop that are followed one by one, as the verifier does; what comes behind them is taken together. */
const FOLLOWED = 64;
/** Expressions that are looked at while turns are followed one by one. */
const BUDGET = 300_000;
/** Rounds until what grows in a loop is given up. */
const PATIENCE = 3;

/** Calls nothing, so memory is afterwards as it was before. */
const quiet = new Set(["packet.at", "packet.length", "view", ...byteOrderWords.map(({ name }) => name)]);

/** States that jump somewhere. */
interface Landing {
  readonly breaks: (State | undefined)[];
  readonly continues: (State | undefined)[];
}

/** Who is told what numbers can be; of the same one perhaps several times. */
interface Listener {
  /** An index that is not constant. */
  index(node: ElementNode, bounds: Bounds): void;
  /** The parameter that counts the turns of a `loop`. */
  turn(parameter: Local, bounds: Bounds): void;
}

/** The `return`s of a function that is being followed. */
interface Returns {
  readonly states: (State | undefined)[];
  bounds: Bounds | undefined;
}

/**
 * Follows a program through all its ways, with what numbers can be at each place: by their types, by masks, by comparisons on the way
 * there. Functions are followed into, with what they are called with.
 */
export class Flow {
  readonly #found: Listener;
  #state: State | undefined = new State();
  readonly #landings = new Map<JumpTarget, Landing>();
  #returns: Returns = { states: [], bounds: undefined };
  /** Above 0 while a loop is gone through that will be gone through again. */
  #trying = 0;
  #budget = BUDGET;

  constructor(found: Listener) {
    this.#found = found;
  }

  run(tree: FunctionTree): void {
    this.#statement(tree.body);
  }

  #statement(node: Statement): void {
    if (this.#state === undefined) return;
    switch (node.kind) {
      case "block":
        for (const inner of node.body) this.#statement(inner);
        return;
      case "declare":
        if (node.initializer === undefined) this.#write(node.local, both({ low: 0n, high: 0n }));
        else this.#write(node.local, this.#evaluate(node.initializer));
        return;
      case "expression":
        this.#evaluate(node.expression);
        return;
      case "if": {
        const [whenTrue, whenFalse] = this.#condition(node.condition);
        this.#state = whenTrue;
        this.#statement(node.whenTrue);
        const after = this.#state;
        this.#state = whenFalse;
        if (node.whenFalse !== undefined) this.#statement(node.whenFalse);
        this.#state = joinStates([after, this.#state]);
        return;
      }
      case "loop":
        this.#loop(node);
        return;
      case "turns": {
        const breaks: (State | undefined)[] = [];
        for (const turn of node.turns) {
          const landing = this.#land(node.target);
          this.#statement(turn);
          this.#state = joinStates([this.#state, ...landing.continues]);
          breaks.push(...landing.breaks);
        }
        this.#state = joinStates([this.#state, ...breaks]);
        return;
      }
      case "switch":
        this.#switch(node);
        return;
      case "break":
        this.#landings.get(node.target)?.breaks.push(this.#state);
        this.#state = undefined;
        return;
      case "continue":
        this.#landings.get(node.target)?.continues.push(this.#state);
        this.#state = undefined;
        return;
      case "return": {
        const bounds = node.value && this.#evaluate(node.value);
        if (bounds !== undefined) {
          this.#returns.bounds = this.#returns.bounds === undefined ? bounds : unite(this.#returns.bounds, bounds);
        }
        this.#returns.states.push(this.#state);
        this.#state = undefined;
        return;
      }
    }
  }

  #land(target: JumpTarget): Landing {
    const landing: Landing = { breaks: [], continues: [] };
    this.#landings.set(target, landing);
    return landing;
  }

  #loop(node: LoopNode): void {
    const exits: (State | undefined)[] = [];
    let head = this.#state;
    for (let turn = 0; turn < FOLLOWED && head !== undefined; turn++) {
      const untested = node.bodyFirst && turn === 0;
      // What is left of the turns begins with the condition.
      if (this.#budget <= 0 && !untested) break;
      const { exit, next } = this.#turn(node, head, untested);
      exits.push(exit);
      if (!untested && next?.equals(head)) {
        head = undefined;
        break;
      }
      head = next;
    }
    if (head !== undefined) exits.push(this.#rest(node, head));
    this.#state = joinStates(exits);
  }

  /** One turn: where it leaves the loop, and what the next one begins with. */
  #turn(
    node: LoopNode,
    head: State,
    bodyFirst: boolean,
  ): { readonly exit: State | undefined; readonly next: State | undefined } {
    const landing = this.#land(node.target);
    this.#state = head.copy();
    let exit: State | undefined;
    if (node.condition !== undefined && !bodyFirst) [this.#state, exit] = this.#condition(node.condition);
    this.#statement(node.body);
    this.#state = joinStates([this.#state, ...landing.continues]);
    if (node.update !== undefined && this.#state !== undefined) this.#evaluate(node.update);
    return { exit: joinStates([exit, ...landing.breaks]), next: this.#state };
  }

  /** All turns from a state on, taken together. */
  #rest(node: LoopNode, start: State): State | undefined {
    const next = (from: State) => joinStates([start, this.#turn(node, from, false).next]) ?? start;
    this.#trying += 1;
    let head = start;
    for (let round = 0; ; round++) {
      const joined = head.join(next(head));
      if (joined.equals(head)) break;
      head = round < PATIENCE ? joined : head.widen(joined);
    }
    // What was given up may have a bound after all, which the loop's condition sets.
    for (let round = 0; round < 2; round++) head = next(head);
    this.#trying -= 1;
    return this.#turn(node, head, false).exit;
  }

  #switch(node: SwitchNode): void {
    this.#evaluate(node.subject);
    const start = this.#state;
    const landing = this.#land(node.target);
    const hasDefault = node.clauses.some(({ test }) => test === undefined);
    this.#state = undefined;
    for (const { test, body } of node.clauses) {
      const entered = start?.copy();
      const possible =
        test === undefined ||
        (entered && constrain(node.subject, oneValue(test), entered, (one, at) => this.#look(one, at)));
      this.#state = joinStates([this.#state, possible ? entered : undefined]);
      for (const statement of body) this.#statement(statement);
    }
    this.#state = joinStates([this.#state, hasDefault ? undefined : start, ...landing.breaks]);
  }

  /** What is known where a condition holds, and where it does not. */
  #condition(node: Expression): [whenTrue: State | undefined, whenFalse: State | undefined] {
    const state = this.#state;
    if (state === undefined) return [undefined, undefined];
    switch (node.kind) {
      case "literal":
        return node.value === 0n ? [undefined, state] : [state, undefined];
      case "not": {
        const [whenTrue, whenFalse] = this.#condition(node.operand);
        return [whenFalse, whenTrue];
      }
      case "logical": {
        const [leftTrue, leftFalse] = this.#condition(node.left);
        this.#state = node.operator === "&&" ? leftTrue : leftFalse;
        const [rightTrue, rightFalse] = this.#condition(node.right);
        return node.operator === "&&"
          ? [rightTrue, joinStates([leftFalse, rightFalse])]
          : [joinStates([leftTrue, rightTrue]), rightFalse];
      }
      case "compare": {
        const bounds = [this.#evaluate(node.left), this.#evaluate(node.right)] as const;
        const after = this.#state;
        if (after === undefined || !isScalar(node.left.type)) return [after?.copy(), after];
        const look = (one: Expression, at: State) => this.#look(one, at);
        return [refine(after, node, bounds, true, look), refine(after, node, bounds, false, look)];
      }
      default: {
        this.#evaluate(node);
        const after = this.#state;
        return [after?.copy(), after];
      }
    }
  }

  /** What an expression can be, after doing to the state what it does. */
  #evaluate(node: Expression): Bounds {
    this.#budget -= 1;
    const state = this.#state;
    if (state === undefined) return both(wholeRange(node));
    switch (node.kind) {
      case "logical":
      case "not":
      case "compare": {
        this.#state = joinStates(this.#condition(node));
        return both({ low: 0n, high: 1n });
      }
      case "conditional": {
        const [whenTrue, whenFalse] = this.#condition(node.condition);
        return this.#either(whenTrue, node.whenTrue, whenFalse, node.whenFalse);
      }
      case "optional":
        return this.#optional(node);
      case "assign": {
        if (node.target.kind !== "local") this.#evaluatePlace(node.target);
        const bounds = this.#evaluate(node.value);
        this.#assign(node.target, bounds);
        return bounds;
      }
      case "update":
        return this.#update(node);
      case "call":
        return this.#call(node);
      case "builtin": {
        const [first] = childExpressions(node).map((child) => this.#evaluate(child));
        if (!quiet.has(node.builtin.name)) this.#state?.forgetMemory();
        if (node.callback !== undefined) this.#callBack(node.callback, node.builtin.countsTurns ? first : undefined);
        return this.#look(node, this.#state);
      }
      case "convert":
        return this.#known(node, cut(node, this.#evaluate(node.operand)));
      case "binary": {
        const left = this.#evaluate(node.left);
        return this.#known(node, operate(node, left, this.#evaluate(node.right)));
      }
      case "element":
        this.#evaluatePlace(node);
        return this.#look(node, this.#state);
      default: {
        for (const child of childExpressions(node)) this.#evaluate(child);
        return this.#look(node, this.#state);
      }
    }
  }

  #evaluatePlace(node: Expression): void {
    const parts = childExpressions(node).map((child) => this.#evaluate(child));
    const index = parts[1];
    if (node.kind !== "element" || node.index.kind === "literal" || index === undefined) return;
    if (this.#trying === 0 && this.#state !== undefined) this.#found.index(node, index);
  }

  #either(a: State | undefined, aNode: Expression, b: State | undefined, bNode: Expression): Bounds {
    this.#state = a;
    const aBounds = a && this.#evaluate(aNode);
    const after = this.#state;
    this.#state = b;
    const bBounds = b && this.#evaluate(bNode);
    this.#state = joinStates([after, this.#state]);
    if (aBounds === undefined) return bBounds ?? both(wholeRange(aNode));
    return bBounds === undefined ? aBounds : unite(aBounds, bBounds);
  }

  #optional(node: OptionalNode): Bounds {
    this.#evaluate(node.record);
    const state = this.#state;
    state?.forget(node.found);
    return this.#either(state?.copy(), node.whenFound, state, node.otherwise);
  }

  #update(node: UpdateNode): Bounds {
    const { target, operator, operation, type } = node;
    if (target.kind !== "local") this.#evaluatePlace(target);
    const before = this.#look(target, this.#state);
    const value = this.#evaluate(node.value);
    const computed = operate(
      { kind: "binary", type: operation, operator, left: target, right: node.value, span: node.span },
      before,
      value,
    );
    const after = isScalar(type) ? cut(target, computed) : computed;
    this.#assign(target, after);
    return node.gives === "before" ? before : after;
  }

  #assign(target: Expression, bounds: Bounds): void {
    if (target.kind === "local") {
      this.#write(target.local, bounds);
      return;
    }
    this.#state?.forgetMemory();
    const key = keyOf(target);
    if (key === undefined || !isScalar(target.type)) return;
    // A narrow field is read again.
    this.#state?.set(key, target.type.bits < 32 ? { exact: bounds.exact, seen: wholeRange(target) } : bounds);
  }

  #write(local: Local, bounds: Bounds): void {
    this.#state?.forget(local);
    if (!isScalar(local.type)) return;
    const key = keyOf(localNode(local));
    if (key !== undefined) this.#state?.set(key, bounds);
  }

  #call({ function: called, arguments: values, type }: CallNode): Bounds {
    const bounds = values.map((value) => this.#evaluate(value));
    const unknown = both(isScalar(type) ? rangeOfType(type) : { low: 0n, high: 1n });
    // It is followed for itself, with whatever it may be called with.
    if (called.linkage === "global") {
      this.#state?.forgetMemory();
      return unknown;
    }
    for (const [index, parameter] of called.parameters.entries()) {
      const given = bounds[index];
      if (given !== undefined) this.#write(parameter, given);
    }
    const outer = this.#returns;
    const returns: Returns = { states: [], bounds: undefined };
    this.#returns = returns;
    this.#statement(called.body);
    this.#returns = outer;
    this.#state = joinStates([this.#state, ...returns.states]);
    this.#state?.forgetAll(ownLocals(called));
    return returns.bounds ?? unknown;
  }

  /**
   * Called any number of times: what it changes may be anything, before each call and after the last one.
   *
   * @param count how often at most, where the first parameter counts the calls
   */
  #callBack(callback: FunctionTree, count: Bounds | undefined): void {
    const state = this.#state;
    if (state === undefined) return;
    for (const local of capturesOf(callback).assignments.keys()) state.forget(local);
    for (const parameter of callback.parameters) state.forget(parameter);
    this.#state = state.unseen();
    const [index] = callback.parameters;
    if (index !== undefined && count !== undefined) {
      const last = count.exact.high - 1n;
      const bounds = { exact: { low: 0n, high: last > 0n ? last : 0n }, seen: wholeRange(localNode(index)) };
      this.#write(index, bounds);
      if (this.#trying === 0) this.#found.turn(index, bounds);
    }
    const outer = this.#returns;
    this.#returns = { states: [], bounds: undefined };
    this.#statement(callback.body);
    this.#returns = outer;
    this.#state = state;
  }

  /** What an expression can be, without doing what it does. */
  #look(node: Expression, state: State | undefined): Bounds {
    return this.#known(node, this.#compute(node, state), state);
  }

  /** What was computed, and what is known besides. */
  #known(node: Expression, computed: Bounds, state = this.#state): Bounds {
    const key = keyOf(node);
    const known = key && state?.get(key);
    return known === undefined ? computed : intersect(known, computed);
  }

  #compute(node: Expression, state: State | undefined): Bounds {
    switch (node.kind) {
      case "convert":
        return cut(node, this.#look(node.operand, state));
      case "binary":
        return operate(node, this.#look(node.left, state), this.#look(node.right, state));
      case "builtin": {
        const range = rangeOf(node);
        // The verifier forgets the bytes of what is turned around.
        const isSwap = quiet.has(node.builtin.name) && node.builtin.name.includes("to");
        return isSwap ? { exact: range, seen: { low: 0n, high: (1n << 64n) - 1n } } : both(range);
      }
      case "literal":
        return both({ low: node.value, high: node.value });
      default:
        return both(wholeRange(node));
    }
  }
}

const localNode = (local: Local): LocalNode => ({ kind: "local", type: local.type, local, span: local.span });

/** What of bounds a type holds: what wraps can be anything. */
function cut(node: Expression, { exact, seen }: Bounds): Bounds {
  const whole = wholeRange(node);
  const within = (range: Range) => (range.low >= whole.low && range.high <= whole.high ? range : whole);
  return { exact: within(exact), seen: within(seen) };
}

function rangeOfType(type: CallNode["type"]): Range {
  if (!isScalar(type)) return { low: 0n, high: 1n };
  return type.signed
    ? { low: -(1n << BigInt(type.bits - 1)), high: (1n << BigInt(type.bits - 1)) - 1n }
    : { low: 0n, high: (1n << BigInt(type.bits)) - 1n };
}
