import type { Random } from "@weir/laboratory";
import { type Feature, type Weighted, WIDES, type Wide } from "./feature.ts";
import type { Generator } from "./generator.ts";
import { type ScalarPlace, scalarPlaces } from "./places.ts";
import type { Scalar } from "./records.ts";
import type { Scope } from "./scope.ts";

/** What widens to a type by itself. */
const widening: Readonly<Record<Wide, readonly Scalar[]>> = {
  u32: ["u8", "u16", "u32"],
  u64: ["u8", "u16", "u32", "u64"],
  i32: ["i8", "i16", "i32", "u8", "u16"],
  i64: ["i8", "i16", "i32", "i64", "u8", "u16", "u32"],
};

/** Random expressions, each with a type by the rules of the language. */
export class Values {
  readonly random: Random;
  readonly #generator: Generator;
  readonly #features: readonly Feature[];

  constructor(generator: Generator, random: Random, features: readonly Feature[]) {
    this.#generator = generator;
    this.random = random;
    this.#features = features;
  }

  /** An expression that has exactly the type, so that an operator on two of them has it too. */
  wide(type: Wide, scope: Scope, depth: number): string {
    if (depth <= 0 || this.random.chance(20)) return this.leaf(type, scope);
    const make = weighted(
      this.random,
      this.#features.flatMap(({ expressions = [] }) => expressions),
    );
    return make?.(type, scope, depth, this.#generator) ?? this.leaf(type, scope);
  }

  /** An expression that may be assigned to a place of the type. */
  scalar(type: Scalar, scope: Scope, depth: number): string {
    switch (type) {
      case "u32":
      case "u64":
      case "i32":
      case "i64":
        return this.wide(type, scope, depth);
      case "be16":
      case "be32":
      case "be64":
        return this.network(type, scope, depth);
      default: {
        if (this.random.chance(10)) return this.literal(type);
        const from = type.startsWith("u") ? ["u32", "u64"] : ["i32", "i64", "u32"];
        return `(${this.wide((this.choose(from) ?? "u32") as Wide, scope, depth)} as ${type})`;
      }
    }
  }

  network(type: "be16" | "be32" | "be64", scope: Scope, depth: number): string {
    const place = this.place(scope, (candidate) => candidate === type);
    if (place !== undefined && depth > 0 && this.random.chance(30)) {
      const operator = this.random.pick(["&", "|", "^"]);
      return `(${place.text} ${operator} ${this.network(type, scope, depth - 1)})`;
    }
    if (place !== undefined && depth > 0 && this.random.chance(10)) return `(~${place.text})`;
    if (place !== undefined && this.random.chance(50)) return place.text;
    const [word, host] = ({ be16: ["htons", "u16"], be32: ["htonl", "u32"], be64: ["htonll", "u64"] } as const)[type];
    return `${word}(${this.scalar(host, scope, depth - 1)})`;
  }

  condition(scope: Scope, depth: number): string {
    const { random } = this;
    if (depth > 0 && random.chance(60)) {
      const make = weighted(
        random,
        this.#features.flatMap(({ conditions = [] }) => conditions),
      );
      const made = make?.(scope, depth, this.#generator);
      if (made !== undefined) return made;
    }
    const type = random.pick(WIDES);
    const left = this.wide(type, scope, depth - 1);
    if (random.chance(50)) {
      return `(${left} ${random.pick(["===", "!==", "<", "<=", ">", ">="])} ${compared(this.literal(type), type)})`;
    }
    // TypeScript takes `a < (b > (c` for the beginning of a call with type arguments.
    return `(${left} ${random.pick(["===", "!==", "<=", ">", ">="])} ${this.wide(type, scope, depth - 1)})`;
  }

  /** An integer of any type. */
  anyInteger(scope: Scope, depth: number): string {
    const place = this.place(scope, (type) => !type.startsWith("be"));
    if (place !== undefined && this.random.chance(60)) return place.text;
    return this.wide(this.random.pick(WIDES), scope, depth);
  }

  /** A number from 0 to `limit - 1`, a power of two. */
  below(limit: number, scope: Scope, depth: number): string {
    if (this.random.chance(40)) return String(this.random.below(limit));
    return `(${this.wide("u32", scope, depth)} & ${limit - 1})`;
  }

  /** The right operand: also a literal, or something narrower. */
  operand(type: Wide, scope: Scope, depth: number): string {
    if (this.random.chance(25)) return this.literal(type);
    const narrower = this.place(scope, (candidate) => widening[type].includes(candidate));
    if (narrower !== undefined && this.random.chance(30)) return narrower.text;
    return this.wide(type, scope, depth);
  }

  leaf(type: Wide, scope: Scope): string {
    if (this.random.chance(15)) return `(${this.literal(type)} as ${type})`;
    const place = this.place(scope, (candidate) => candidate === type);
    if (place !== undefined && this.random.chance(60)) return place.text;
    const other = this.place(scope, (candidate) => !candidate.startsWith("be"));
    return other === undefined ? `(${this.literal(type)} as ${type})` : `(${other.text} as ${type})`;
  }

  literal(type: Exclude<Scalar, `be${string}`>): string {
    const bits = this.random.bits();
    const width = Number(type.slice(1));
    const value = type.startsWith("u") ? BigInt.asUintN(width, bits) : BigInt.asIntN(width, bits);
    const safe = value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER);
    return safe ? String(value) : `${type}.of(${value}n)`;
  }

  /** A scalar that something in reach holds. */
  place(scope: Scope, fits: (type: Scalar) => boolean): ScalarPlace | undefined {
    return this.choose(scalarPlaces(scope, this).filter(({ type }) => fits(type)));
  }

  /** A scalar that may be assigned to. There are far more fields and elements than variables, which live in registers. */
  target(scope: Scope): ScalarPlace | undefined {
    const places = scalarPlaces(scope, this).filter(({ mutable }) => mutable);
    const variables = places.filter(({ text }) => scope.variables.some(({ name }) => name === text));
    return this.choose(variables.length > 0 && this.random.chance(40) ? variables : places);
  }

  /** A mutable variable of the type. */
  variable(scope: Scope, type: string): string | undefined {
    return this.choose(scope.variables.filter((variable) => variable.mutable && variable.type === type))?.name;
  }

  choose<T>(list: readonly T[]): T | undefined {
    return list[this.random.below(Math.max(1, list.length))];
  }
}

/** One of the makers, as often as its weight says. */
export function weighted<T>(random: Random, makers: readonly Weighted<T>[]): T | undefined {
  let rest = random.below(makers.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, maker] of makers) {
    if (rest < weight) return maker;
    rest -= weight;
  }
  return undefined;
}

/** A number to compare with: one that nothing is less or more than is refused when it is written alone. */
export const compared = (number: string, type: Scalar): string =>
  number === "0" || /^(?:4294967295|2147483647|65535|255)$/.test(number) ? `(${number} as ${type})` : number;
