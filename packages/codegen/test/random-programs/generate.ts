import { Random } from "@weir/laboratory";
import type { BinaryOperator, Comparison, ValueWidth, Width } from "../../src/index.ts";
import { randomExchange } from "./exchange.ts";
import {
  type Expression,
  type Program,
  type Question,
  SLOTS,
  type Statement,
  type Test,
  VARIABLES,
  widthOf,
} from "./program.ts";

const OPERATORS: readonly [BinaryOperator, ...BinaryOperator[]] = [
  "add",
  "add",
  "sub",
  "mul",
  "div",
  "mod",
  "and",
  "and",
  "or",
  "xor",
  "shl",
  "shr",
  "sar",
];
const COMPARISONS: readonly [Comparison, ...Comparison[]] = [
  "eq",
  "ne",
  "ult",
  "ule",
  "ugt",
  "uge",
  "slt",
  "sle",
  "sgt",
  "sge",
  "set",
];

/** The random program with this number. */
export function generateProgram(seed: number): Program {
  return new Generator(new Random(seed)).program();
}

class Generator {
  readonly #random: Random;
  #callees: string[] = [];
  #lastIndex: Expression | undefined;

  constructor(random: Random) {
    this.#random = random;
  }

  program(): Program {
    const functions = Array.from({ length: this.#random.below(3) }, (_, index) => {
      const made = { name: `f${index}`, body: this.#statements(2, 4) };
      return made;
    });
    this.#callees = functions.map(({ name }) => name);
    return { functions, body: this.#statements(3, 8) };
  }

  #statements(depth: number, most: number): Statement[] {
    return Array.from({ length: 1 + this.#random.below(most) }, () => this.#statement(depth));
  }

  #statement(depth: number): Statement {
    const random = this.#random;
    const choice = random.below(100);
    if (depth > 0 && choice < 22) {
      const whenFalse = random.chance(60) ? this.#statements(depth - 1, 3) : [];
      return { kind: "if", test: this.#test(), whenTrue: this.#statements(depth - 1, 3), whenFalse };
    }
    if (depth > 0 && choice < 26) return this.#range(depth);
    if (depth > 0 && choice < 28) {
      const kept: Expression = { kind: "constant", width: 64, value: BigInt(1 + random.below(9)) };
      const whenTrue = random.chance(40) ? [this.#storeInSlot()] : [];
      const [between, whenKept] = [this.#statements(depth - 1, 2), this.#statements(depth - 1, 2)];
      return { kind: "later", test: this.#test(), kept, whenTrue, between, whenKept, result: 4 + random.below(4) };
    }
    if (depth > 0 && choice < 33) {
      return this.#loop(depth);
    }
    if (choice < 45) return this.#packet(depth);
    if (choice < 52) return this.#storeInSlot();
    if (choice < 60) {
      // Often the one before: what lies on the stack for one look-up may serve the next.
      const index =
        random.chance(40) && this.#lastIndex !== undefined ? this.#lastIndex : this.#masked(random.pick([3n, 7n]));
      this.#lastIndex = index;
      const changed = random.chance(20) ? this.#expression(64, 1) : undefined;
      const added = this.#expression(64, 1);
      return {
        kind: "map",
        index,
        changed,
        added,
        way: random.pick(["atomic", "plain", "aside"] as const),
        old: 4 + random.below(4),
      };
    }
    if (choice < 64 && this.#callees.length > 0) {
      const callee = this.#callees[random.below(this.#callees.length)] ?? "f0";
      const args = Array.from({ length: 2 }, () => this.#expression(64, 2));
      return { kind: "call", callee, arguments: args, result: 4 + random.below(4) };
    }
    if (choice < 67) return { kind: "return", value: this.#expression(32, 2) };
    if (choice < 70) return randomExchange(random);
    if (choice < 72) return this.#sameOnTwoWays();
    const variable = random.below(VARIABLES);
    return { kind: "assign", variable, value: this.#expression(widthOf(variable), 4) };
  }

  /** What is done to a variable with a constant where a number is that constant, and with another number elsewhere. */
  #sameOnTwoWays(): Statement {
    const random = this.#random;
    const variable = random.below(4);
    const operator = random.pick(OPERATORS);
    const assign = (right: Expression): Statement => {
      const left: Expression = { kind: "variable", variable };
      return { kind: "assign", variable, value: { kind: "binary", operator, width: 32, left, right } };
    };
    const constant: Expression = { kind: "constant", width: 32, value: BigInt(random.below(4)) };
    const [known, other] = [assign(constant), assign(this.#masked(random.pick([3n, 7n])))];
    const comparison = random.pick(["eq", "ne"] as const);
    const [whenTrue, whenFalse] = comparison === "eq" || random.chance(20) ? [known, other] : [other, known];
    const test: Test = { comparison, width: 32, left: this.#masked(3n), right: constant };
    return { kind: "if", test, whenTrue: [whenTrue], whenFalse: [whenFalse] };
  }

  #loop(depth: number): Statement {
    const random = this.#random;
    const body = this.#statements(depth - 1, 3);
    if (random.chance(20)) return { kind: "countdown", rounds: this.#expression(32, 2), test: this.#test(), body };
    if (random.chance(50)) body.splice(random.below(body.length + 1), 0, this.#exchangeOnSomeWay());
    const more = random.chance(50) ? this.#expression(32, 2) : undefined;
    return { kind: "loop", times: 1 + random.below(more === undefined ? 5 : 2), more, body };
  }

  /** On the only way or on one of two: then what the phis of a loop are given depends on the arm that the round took. */
  #exchangeOnSomeWay(): Statement {
    const exchange = randomExchange(this.#random);
    if (this.#random.chance(60)) return exchange;
    const whenFalse = this.#random.chance(50) ? [randomExchange(this.#random)] : [];
    return { kind: "if", test: this.#test(), whenTrue: [exchange], whenFalse };
  }

  #packet(depth: number): Statement {
    const random = this.#random;
    const bits = random.pick<Width>([8, 16, 32, 64]);
    const index = random.chance(40) ? this.#expression(32, 2) : undefined;
    const access = random.chance(60) ? { read: random.below(VARIABLES) } : { write: this.#expression(64, 2) };
    const outside = depth > 0 && random.chance(50) ? this.#statements(depth - 1, 2) : [];
    return { kind: "packet", offset: random.below(60), index, bits, access, outside };
  }

  /** Small numbers, so that the few packets of a trial find both arms. */
  #range(depth: number): Statement {
    const random = this.#random;
    const width = random.pick<ValueWidth>([32, 64]);
    const number = this.#expression(width, 2);
    const binary = (operator: BinaryOperator, left: Expression, constant: bigint): Expression => {
      return { kind: "binary", operator, width, left, right: { kind: "constant", width, value: constant } };
    };
    const masked = binary("and", number, random.pick([7n, 31n, 63n]));
    const value = random.pick([number, masked, masked, binary("sub", masked, 9n)]);
    const constant = () => BigInt.asUintN(width, BigInt(random.below(56)) - (random.chance(30) ? 10n : 0n));
    const between = (first: number, last: number): readonly Question[] => [
      { comparison: "uge", constant: BigInt(first) },
      { comparison: "ule", constant: BigInt(last) },
    ];
    const questions = () =>
      Array.from({ length: 1 + random.below(2) }, () => ({
        comparison: random.pick(COMPARISONS),
        constant: constant(),
      }));
    // Also two ranges that differ in one bit.
    const [first, bit] = [random.below(24), random.pick([4, 8, 16, 32])];
    const last = first + random.below(bit);
    const groups = random.chance(50)
      ? Array.from({ length: 1 + random.below(3) }, questions)
      : [between(first, last), between(first + bit, last + bit)];
    const whenFalse = random.chance(60) ? this.#statements(depth - 1, 2) : [];
    return { kind: "range", width, value, groups, whenTrue: this.#statements(depth - 1, 2), whenFalse };
  }

  #test(): Test {
    const width = this.#random.pick<ValueWidth>([32, 64]);
    const left = this.#expression(width, 2);
    const right: Expression = this.#random.chance(60)
      ? { kind: "constant", width, value: BigInt.asUintN(width, this.#random.bits()) }
      : this.#expression(width, 2);
    return { comparison: this.#random.pick(COMPARISONS), width, left, right };
  }

  #storeInSlot(): Statement {
    const { slot, bits, offset } = this.#inSlot();
    return { kind: "store-slot", slot, bits, offset, value: this.#expression(this.#random.pick([32, 64]), 2) };
  }

  #masked(mask: bigint): Expression {
    const right: Expression = { kind: "constant", width: 32, value: mask };
    return { kind: "binary", operator: "and", width: 32, left: this.#expression(32, 2), right };
  }

  #inSlot(): { slot: number; bits: Width; offset: number } {
    const bits = this.#random.pick<Width>([8, 16, 32, 64]);
    const bytes = bits / 8;
    return { slot: this.#random.below(SLOTS), bits, offset: this.#random.below(8 / bytes) * bytes };
  }

  #expression(width: ValueWidth, depth: number): Expression {
    const random = this.#random;
    const choice = random.below(100);
    if (depth === 0 || choice < 25) return this.#leaf(width);
    if (choice < 75) {
      const operator = random.pick(OPERATORS);
      const left = this.#expression(width, depth - 1);
      const right = random.chance(50) ? this.#constant(width) : this.#expression(width, depth - 1);
      return { kind: "binary", operator, width, left, right };
    }
    const value = this.#expression(random.pick([32, 64]), depth - 1);
    const from = random.pick<8 | 16 | 32>([8, 16, 32]);
    if (choice < 82) return { kind: "zero-extend", from, to: width, value };
    if (choice < 89) return { kind: "sign-extend", from, to: width, value };
    if (choice < 94 && width === 32) return { kind: "truncate", to: from, value };
    const bits = width === 64 ? 64 : random.pick<16 | 32>([16, 32]);
    return { kind: "byte-swap", bits, value };
  }

  #leaf(width: ValueWidth): Expression {
    const random = this.#random;
    if (random.chance(30)) return this.#constant(width);
    if (random.chance(20)) {
      const { slot, bits, offset } = this.#inSlot();
      if ((bits === 64) === (width === 64)) return { kind: "slot", slot, bits, offset };
    }
    return { kind: "variable", variable: random.below(4) + (width === 64 ? 4 : 0) };
  }

  #constant(width: ValueWidth): Expression {
    return { kind: "constant", width, value: BigInt.asUintN(width, this.#random.bits()) };
  }
}
