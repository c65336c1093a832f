import type { BinaryOperator, Comparison } from "../../src/index.ts";
import {
  ELEMENTS,
  type Expression,
  INDEX_MASK,
  type Program,
  ROUNDS_MASK,
  SLOTS,
  type Statement,
  VARIABLES,
  widthOf,
} from "./program.ts";

/** What a program leaves behind. */
export interface Outcome {
  readonly result: bigint;
  readonly packet: Uint8Array;
  readonly elements: readonly bigint[];
}

/** Runs a program as it is written, in big integers: what the compiled program is compared with. */
export function runOracle(program: Program, packet: Uint8Array, elements: readonly bigint[]): Outcome {
  const world: World = { program, packet: packet.slice(), elements: [...elements] };
  const frame = new Frame(world, []);
  const result = frame.run(program.body) ?? frame.variableSum();
  return { result: BigInt.asUintN(32, result), packet: world.packet, elements: world.elements };
}

interface World {
  readonly program: Program;
  readonly packet: Uint8Array;
  readonly elements: bigint[];
}

class Frame {
  readonly #world: World;
  readonly #variables: bigint[] = Array.from({ length: VARIABLES }, (_, index) => BigInt(index * 3));
  readonly #slots = new DataView(new ArrayBuffer(SLOTS * 8));

  constructor(world: World, args: readonly bigint[]) {
    this.#world = world;
    for (const [index, value] of args.entries()) this.#variables[4 + index] = value;
  }

  /** What a program returns that runs to its end. */
  variableSum(): bigint {
    return BigInt.asUintN(
      64,
      this.#variables.reduce((sum, value) => sum * 31n + value, 0n),
    );
  }

  /** The value returned; undefined when the statements ran to their end. */
  run(statements: readonly Statement[]): bigint | undefined {
    for (const statement of statements) {
      const returned = this.#statement(statement);
      if (returned !== undefined) return returned;
    }
    return undefined;
  }

  #statement(statement: Statement): bigint | undefined {
    switch (statement.kind) {
      case "assign":
        this.#write(statement.variable, this.#value(statement.value));
        return undefined;
      case "exchange": {
        const [first = 0n, ...others] = statement.variables.map((variable) => this.#variables[variable] ?? 0n);
        const values = [...others, first];
        for (const [index, variable] of statement.variables.entries()) this.#write(variable, values[index] ?? 0n);
        return undefined;
      }
      case "return":
        return this.#value(statement.value);
      case "later": {
        const { test, whenTrue, between, whenKept, result } = statement;
        const [left, right, kept] = [test.left, test.right, statement.kept].map((each) => this.#value(each));
        const holds = compare(test.comparison, test.width, left ?? 0n, right ?? 0n);
        const returned = (holds ? this.run(whenTrue) : undefined) ?? this.run(between);
        if (returned !== undefined || !holds || kept === 0n || kept === undefined) return returned;
        this.#write(result, kept);
        return this.run(whenKept);
      }
      case "if": {
        const { comparison, width, left, right } = statement.test;
        const holds = compare(comparison, width, this.#value(left), this.#value(right));
        return this.run(holds ? statement.whenTrue : statement.whenFalse);
      }
      case "range": {
        const { width, groups, whenTrue, whenFalse } = statement;
        const value = this.#value(statement.value);
        const holds = groups.some((group) =>
          group.every(({ comparison, constant }) => compare(comparison, width, value, constant)),
        );
        return this.run(holds ? whenTrue : whenFalse);
      }
      case "loop": {
        const more = statement.more === undefined ? 0n : this.#value(statement.more) & ROUNDS_MASK;
        const rounds = statement.times + Number(more);
        for (let round = 0; round < rounds; round++) {
          const returned = this.run(statement.body);
          if (returned !== undefined) return returned;
        }
        return undefined;
      }
      case "countdown": {
        const { comparison, width, left, right } = statement.test;
        const rounds = Number(this.#value(statement.rounds) & ROUNDS_MASK);
        if (!compare(comparison, width, this.#value(left), this.#value(right))) return undefined;
        for (let round = 0; round < rounds; round++) {
          const returned = this.run(statement.body);
          if (returned !== undefined) return returned;
        }
        return undefined;
      }
      case "store-slot": {
        const value = this.#value(statement.value);
        writeBits(this.#slots, statement.slot * 8 + statement.offset, statement.bits, value);
        return undefined;
      }
      case "packet":
        return this.#packet(statement);
      case "map": {
        const index = Number(this.#index(statement));
        const added = this.#value(statement.added);
        const old = this.#world.elements[index];
        if (index >= ELEMENTS || old === undefined) return undefined;
        if (statement.way === "aside") {
          if ((added & 1n) === 1n) this.#world.elements[index] = added;
          else writeBits(this.#slots, 0, 64, added);
          this.#write(statement.old, this.#world.elements[index] ?? old);
          return undefined;
        }
        this.#world.elements[index] = BigInt.asUintN(64, old + added);
        this.#write(statement.old, old);
        return undefined;
      }
      case "call": {
        const callee = this.#world.program.functions.find(({ name }) => name === statement.callee);
        const frame = new Frame(
          this.#world,
          statement.arguments.map((argument) => this.#value(argument)),
        );
        this.#write(statement.result, frame.run(callee?.body ?? []) ?? frame.variableSum());
        return undefined;
      }
    }
  }

  #index({ index, changed }: Extract<Statement, { kind: "map" }>): bigint {
    const at = this.#value(index);
    if (changed === undefined) return at;
    const shift = (this.#value(changed) & 1n) * 8n;
    const byte = ((at >> shift) + 1n) & 0xffn;
    return (at & ~(0xffn << shift)) | (byte << shift);
  }

  #packet(statement: Extract<Statement, { kind: "packet" }>): bigint | undefined {
    const { packet } = this.#world;
    const index = statement.index === undefined ? 0n : this.#value(statement.index) & INDEX_MASK;
    const at = statement.offset + Number(index);
    if (at + statement.bits / 8 > packet.length) return this.run(statement.outside);
    const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
    if ("read" in statement.access) {
      const value = readBits(view, at, statement.bits);
      this.#write(statement.access.read, BigInt.asUintN(widthOf(statement.access.read), value));
    } else writeBits(view, at, statement.bits, this.#value(statement.access.write));
    return undefined;
  }

  #write(variable: number, value: bigint): void {
    this.#variables[variable] = value;
  }

  #value(expression: Expression): bigint {
    switch (expression.kind) {
      case "constant":
        return expression.value;
      case "variable":
        return this.#variables[expression.variable] ?? 0n;
      case "binary": {
        const { operator, width, left, right } = expression;
        return compute(operator, width, this.#value(left), this.#value(right));
      }
      case "zero-extend":
        return BigInt.asUintN(expression.from, this.#value(expression.value));
      case "sign-extend":
        return BigInt.asUintN(expression.to, BigInt.asIntN(expression.from, this.#value(expression.value)));
      case "truncate":
        return BigInt.asUintN(expression.to, this.#value(expression.value));
      case "byte-swap": {
        const view = new DataView(new ArrayBuffer(8));
        view.setBigUint64(0, this.#value(expression.value), true);
        const { bits } = expression;
        return bits === 64 ? view.getBigUint64(0) : BigInt(bits === 32 ? view.getUint32(0) : view.getUint16(0));
      }
      case "slot":
        return readBits(this.#slots, expression.slot * 8 + expression.offset, expression.bits);
    }
  }
}

function compute(operator: BinaryOperator, width: number, left: bigint, right: bigint): bigint {
  const shift = right % BigInt(width);
  switch (operator) {
    case "add":
      return BigInt.asUintN(width, left + right);
    case "sub":
      return BigInt.asUintN(width, left - right);
    case "mul":
      return BigInt.asUintN(width, left * right);
    case "div":
      return right === 0n ? 0n : left / right;
    case "mod":
      return right === 0n ? left : left % right;
    case "and":
      return left & right;
    case "or":
      return left | right;
    case "xor":
      return left ^ right;
    case "shl":
      return BigInt.asUintN(width, left << shift);
    case "shr":
      return left >> shift;
    case "sar":
      return BigInt.asUintN(width, BigInt.asIntN(width, left) >> shift);
  }
}

function compare(comparison: Comparison, width: number, left: bigint, right: bigint): boolean {
  const [signedLeft, signedRight] = [BigInt.asIntN(width, left), BigInt.asIntN(width, right)];
  const answers: Readonly<Record<Comparison, boolean>> = {
    eq: left === right,
    ne: left !== right,
    ult: left < right,
    ule: left <= right,
    ugt: left > right,
    uge: left >= right,
    slt: signedLeft < signedRight,
    sle: signedLeft <= signedRight,
    sgt: signedLeft > signedRight,
    sge: signedLeft >= signedRight,
    set: (left & right) !== 0n,
  };
  return answers[comparison];
}

function readBits(view: DataView, at: number, bits: number): bigint {
  let value = 0n;
  for (let byte = bits / 8 - 1; byte >= 0; byte--) value = (value << 8n) | BigInt(view.getUint8(at + byte));
  return value;
}

function writeBits(view: DataView, at: number, bits: number, value: bigint): void {
  for (let byte = 0; byte < bits / 8; byte++) {
    view.setUint8(at + byte, Number((value >> BigInt(8 * byte)) & 0xffn));
  }
}
