import {
  type CompiledProgram,
  type CompileOptions,
  type FunctionBuilder,
  ModuleBuilder,
  type Value,
  type Variable,
} from "../../src/index.ts";
import {
  type Expression,
  INDEX_MASK,
  type Program,
  ROUNDS_MASK,
  SLOTS,
  type Statement,
  VARIABLES,
  widthOf,
} from "./program.ts";

/** Name of the map, an array of {@link ELEMENTS} 8-byte values. */
export const MAP = "ELEMENTS";
const MAP_LOOKUP = 1;

/** Compiles a random program as a front end would. */
export function compileRandom(program: Program, options: CompileOptions): CompiledProgram {
  const module = new ModuleBuilder();
  for (const { name, body } of program.functions) {
    // The context comes first, because the functions read the packet too.
    const builder = module.function(name, { parameters: 3 });
    new Lowering(builder, [builder.parameter(1), builder.parameter(2)]).lower(body);
  }
  const builder = module.function("program", { parameters: 1 });
  new Lowering(builder, []).lower(program.body);
  return module.build("program", options);
}

class Lowering {
  readonly #builder: FunctionBuilder;
  readonly #variables: readonly Variable[];
  readonly #slots: readonly Value[];
  readonly #data: Value;
  readonly #end: Value;

  constructor(builder: FunctionBuilder, args: readonly Value[]) {
    this.#builder = builder;
    this.#data = builder.load(32, builder.parameter(0), 0, { packet: true });
    this.#end = builder.load(32, builder.parameter(0), 4, { packet: true });
    this.#variables = Array.from({ length: VARIABLES }, (_, index) => {
      const width = widthOf(index);
      const variable = builder.variable(width);
      builder.write(variable, args[index - 4] ?? builder.constant(width, BigInt(index * 3)));
      return variable;
    });
    this.#slots = Array.from({ length: SLOTS }, () => {
      const slot = builder.stackSlot(8, 8);
      builder.store(64, slot, 0, builder.constant(64, 0n));
      return slot;
    });
  }

  lower(statements: readonly Statement[]): void {
    const builder = this.#builder;
    this.#statements(statements);
    let sum = builder.constant(64, 0n);
    for (const variable of this.#variables) {
      const value = builder.read(variable);
      sum = builder.binary("mul", 64, sum, builder.constant(64, 31n));
      sum = builder.binary("add", 64, sum, value.width === 32 ? builder.zeroExtend(value, 32, 64) : value);
    }
    builder.return(sum);
  }

  #statements(statements: readonly Statement[]): void {
    for (const statement of statements) this.#statement(statement);
  }

  #statement(statement: Statement): void {
    const builder = this.#builder;
    switch (statement.kind) {
      case "exchange": {
        // All are read before the first is written.
        const values = statement.variables.map((variable) => this.#read(variable));
        for (const [index, variable] of statement.variables.entries()) {
          this.#write(variable, values[(index + 1) % values.length] ?? this.#read(variable));
        }
        break;
      }
      case "assign":
        this.#write(statement.variable, this.#value(statement.value));
        break;
      case "return":
        builder.return(this.#value(statement.value));
        break;
      case "if":
        this.#if(statement);
        break;
      case "later":
        this.#later(statement);
        break;
      case "range":
        this.#range(statement);
        break;
      case "loop":
        this.#loop(statement);
        break;
      case "countdown":
        this.#countdown(statement);
        break;
      case "store-slot":
        builder.store(statement.bits, this.#slot(statement.slot), statement.offset, this.#value(statement.value));
        break;
      case "packet":
        this.#packet(statement);
        break;
      case "map":
        this.#map(statement);
        break;
      case "call": {
        const args = [builder.parameter(0), ...statement.arguments.map((argument) => this.#value(argument))];
        this.#write(statement.result, builder.callFunction(statement.callee, args));
      }
    }
  }

  #if({ test, whenTrue, whenFalse }: Extract<Statement, { kind: "if" }>): void {
    const builder = this.#builder;
    const [yes, no, after] = [builder.block("yes"), builder.block("no"), builder.block("after")];
    builder.branch(test.comparison, test.width, this.#value(test.left), this.#value(test.right), yes, no);
    for (const [block, body] of [
      [yes, whenTrue],
      [no, whenFalse],
    ] as const) {
      builder.seal(block);
      builder.enter(block);
      this.#statements(body);
      builder.jump(after);
    }
    builder.seal(after);
    builder.enter(after);
  }

  #later({ test, kept, whenTrue, between, whenKept, result }: Extract<Statement, { kind: "later" }>): void {
    const builder = this.#builder;
    const [yes, no, after, there, end] = ["yes", "no", "after", "there", "end"].map((name) => builder.block(name));
    if (yes === undefined || no === undefined || after === undefined || there === undefined || end === undefined)
      return;
    const choice = builder.variable(64);
    const [left, right, value] = [test.left, test.right, kept].map((each) => this.#value(each));
    if (left === undefined || right === undefined || value === undefined) return;
    builder.branch(test.comparison, test.width, left, right, yes, no);
    for (const [block, chosen, statements] of [
      [yes, value, whenTrue],
      [no, builder.constant(64, 0n), []],
    ] as const) {
      builder.seal(block);
      builder.enter(block);
      builder.write(choice, chosen);
      this.#statements(statements);
      builder.jump(after);
    }
    builder.seal(after);
    builder.enter(after);
    this.#statements(between);
    builder.branch("ne", 64, builder.read(choice), builder.constant(64, 0n), there, end);
    builder.seal(there);
    builder.enter(there);
    this.#write(result, builder.read(choice));
    this.#statements(whenKept);
    builder.jump(end);
    builder.seal(end);
    builder.enter(end);
  }

  #range({ width, value, groups, whenTrue, whenFalse }: Extract<Statement, { kind: "range" }>): void {
    const builder = this.#builder;
    const [yes, after] = [builder.block("yes"), builder.block("after")];
    const asked = this.#value(value);
    for (const questions of groups) {
      const no = builder.block("no");
      for (const [index, { comparison, constant }] of questions.entries()) {
        const next = index === questions.length - 1 ? yes : builder.block("next");
        builder.branch(comparison, width, asked, builder.constant(width, constant), next, no);
        if (next === yes) break;
        builder.seal(next);
        builder.enter(next);
      }
      builder.seal(no);
      builder.enter(no);
    }
    this.#statements(whenFalse);
    builder.jump(after);
    builder.seal(yes);
    builder.enter(yes);
    this.#statements(whenTrue);
    builder.jump(after);
    builder.seal(after);
    builder.enter(after);
  }

  #loop({ times, more, body }: Extract<Statement, { kind: "loop" }>): void {
    const builder = this.#builder;
    let rounds = builder.constant(32, BigInt(times));
    if (more !== undefined) {
      const further = builder.binary("and", 32, this.#value(more), builder.constant(32, ROUNDS_MASK));
      rounds = builder.binary("add", 32, further, rounds);
    }
    const [head, inside, after] = [builder.block("head"), builder.block("inside"), builder.block("after")];
    const counter = builder.variable(32);
    builder.write(counter, builder.constant(32, 0n));
    builder.jump(head);
    builder.enter(head);
    builder.branch("ult", 32, builder.read(counter), rounds, inside, after);
    builder.seal(inside);
    builder.enter(inside);
    this.#statements(body);
    builder.write(counter, builder.binary("add", 32, builder.read(counter), builder.constant(32, 1n)));
    builder.jump(head);
    builder.seal(head);
    builder.seal(after);
    builder.enter(after);
  }

  #countdown({ rounds, test, body }: Extract<Statement, { kind: "countdown" }>): void {
    const builder = this.#builder;
    const [head, inside, after] = [builder.block("head"), builder.block("inside"), builder.block("after")];
    const left = builder.variable(32);
    builder.write(left, builder.binary("and", 32, this.#value(rounds), builder.constant(32, ROUNDS_MASK)));
    builder.branch(test.comparison, test.width, this.#value(test.left), this.#value(test.right), head, after);
    builder.enter(head);
    builder.branch("eq", 32, builder.read(left), builder.constant(32, 0n), after, inside);
    builder.seal(inside);
    builder.enter(inside);
    builder.write(left, builder.binary("sub", 32, builder.read(left), builder.constant(32, 1n)));
    this.#statements(body);
    builder.jump(head);
    builder.seal(head);
    builder.seal(after);
    builder.enter(after);
  }

  #packet({ offset, index, bits, access, outside }: Extract<Statement, { kind: "packet" }>): void {
    const builder = this.#builder;
    const [inside, beyond, after] = [builder.block("inside"), builder.block("outside"), builder.block("after")];
    let at = builder.constant(32, BigInt(offset));
    if (index !== undefined) {
      const masked = builder.binary("and", 32, this.#value(index), builder.constant(32, INDEX_MASK));
      at = builder.binary("add", 32, masked, at);
    }
    const address = builder.packetAccess(this.#data, this.#end, at, bits / 8, inside, beyond);
    builder.seal(inside);
    builder.seal(beyond);
    builder.enter(inside);
    if ("write" in access) builder.store(bits, address, 0, this.#value(access.write));
    else this.#write(access.read, this.#resized(builder.load(bits, address, 0), widthOf(access.read)));
    builder.jump(after);
    builder.enter(beyond);
    this.#statements(outside);
    builder.jump(after);
    builder.seal(after);
    builder.enter(after);
  }

  #map({ index, changed, added, way, old }: Extract<Statement, { kind: "map" }>): void {
    const builder = this.#builder;
    const [hit, after] = [builder.block("hit"), builder.block("after")];
    const key = builder.stackSlot(4, 4);
    builder.store(32, key, 0, this.#value(index));
    if (changed !== undefined) {
      const byte = builder.binary("and", 64, this.#value(changed), builder.constant(64, 1n));
      const address = builder.binary("add", 64, key, byte);
      builder.store(8, address, 0, builder.binary("add", 32, builder.load(8, address, 0), builder.constant(32, 1n)));
    }
    const amount = this.#value(added);
    const element = builder.callHelper(MAP_LOOKUP, [builder.mapAddress(MAP), key]);
    builder.branch("ne", 64, element, builder.constant(64, 0n), hit, after);
    builder.seal(hit);
    builder.enter(hit);
    if (way === "aside") {
      // What is at hand of the element must be forgotten where it may be written.
      builder.load(64, element, 0);
      builder.store(64, this.#aside(element, amount), 0, amount);
      this.#write(old, builder.load(64, element, 0));
    } else if (way === "atomic") {
      this.#write(old, builder.atomicFetch("add", 64, element, 0, amount));
    } else {
      const before = builder.load(64, element, 0);
      builder.store(64, element, 0, builder.binary("add", 64, before, amount));
      this.#write(old, before);
    }
    builder.jump(after);
    builder.seal(after);
    builder.enter(after);
  }

  /** The address of the element for odd numbers, of the first slot for even ones. */
  #aside(element: Value, number: Value): Value {
    const builder = this.#builder;
    const [other, after] = [builder.block("other"), builder.block("after")];
    const address = builder.variable(64);
    builder.write(address, element);
    builder.branch("set", 64, number, builder.constant(64, 1n), after, other);
    builder.seal(other);
    builder.enter(other);
    builder.write(address, this.#slot(0));
    builder.jump(after);
    builder.seal(after);
    builder.enter(after);
    return builder.read(address);
  }

  #read(variable: number): Value {
    const source = this.#variables[variable];
    return source === undefined ? this.#builder.constant(32, 0n) : this.#builder.read(source);
  }

  #write(variable: number, value: Value): void {
    const target = this.#variables[variable];
    if (target !== undefined) this.#builder.write(target, value);
  }

  #slot(slot: number): Value {
    return this.#slots[slot] ?? this.#builder.stackSlot(8, 8);
  }

  #resized(value: Value, width: 32 | 64): Value {
    if (value.width === width) return value;
    return width === 64 ? this.#builder.zeroExtend(value, 32, 64) : this.#builder.truncate(value, 32);
  }

  #value(expression: Expression): Value {
    const builder = this.#builder;
    switch (expression.kind) {
      case "constant":
        return builder.constant(expression.width, expression.value);
      case "variable":
        return this.#read(expression.variable);
      case "binary": {
        const { operator, width, left, right } = expression;
        return builder.binary(operator, width, this.#value(left), this.#value(right));
      }
      case "zero-extend":
        return builder.zeroExtend(this.#value(expression.value), expression.from, expression.to);
      case "sign-extend":
        return builder.signExtend(this.#value(expression.value), expression.from, expression.to);
      case "truncate":
        return builder.truncate(this.#value(expression.value), expression.to);
      case "byte-swap":
        return builder.byteSwap(expression.bits, this.#value(expression.value));
      case "slot":
        return builder.load(expression.bits, this.#slot(expression.slot), expression.offset);
    }
  }
}
