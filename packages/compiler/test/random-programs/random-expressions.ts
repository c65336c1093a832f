import type { Random } from "@weir/laboratory";
import type { FieldKind, Scalar } from "./random-records.ts";
import type { Scope, ScopeRecord } from "./scope.ts";

/** Types in which is computed. */
export type Wide = "u32" | "u64" | "i32" | "i64";

/** What widens to a type by itself. */
const widening: Readonly<Record<Wide, readonly [Scalar, ...Scalar[]]>> = {
  u32: ["u8", "u16", "u32"],
  u64: ["u8", "u16", "u32", "u64"],
  i32: ["i8", "i16", "i32", "u8", "u16"],
  i64: ["i8", "i16", "i32", "i64", "u8", "u16", "u32"],
};

export interface NetworkPlace {
  readonly text: string;
  readonly type: "be16" | "be32" | "be64";
}

/** A scalar that a name leads to. */
interface ScalarPlace {
  readonly text: string;
  readonly type: Scalar;
}

/** Random expressions, each with a type by the rules of the language. */
export class Expressions {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** An expression that has exactly the type, so that an operator on two of them has it too. */
  wide(type: Wide, scope: Scope, depth: number): string {
    const random = this.#random;
    if (depth <= 0) return this.#leaf(type, scope);
    switch (random.below(15)) {
      case 0:
      case 1:
      case 2:
        return this.#arithmetic(type, scope, depth);
      case 3:
        return this.#shift(type, scope, depth);
      case 4:
        return this.#division(type, scope, depth);
      case 5:
        return `(${random.pick(["-", "~"])}${this.wide(type, scope, depth - 1)})`;
      case 6:
        return `(${this.condition(scope, depth - 1)} ? ${this.wide(type, scope, depth - 1)} : ${this.wide(type, scope, depth - 1)})`;
      case 7:
        return `(${this.anyInteger(scope, depth - 1)} as ${type})`;
      case 8:
        return this.#call(type, scope, depth) ?? this.#leaf(type, scope);
      case 9:
        return this.#step(type, scope) ?? this.#leaf(type, scope);
      case 10:
        return this.#host(type, scope) ?? this.#leaf(type, scope);
      case 11:
        return this.#viewed(type, scope) ?? this.#leaf(type, scope);
      case 12:
        return this.#hidden(type, scope, depth) ?? this.#leaf(type, scope);
      case 13:
        return type === "u32" ? this.#redirect(scope, depth) : this.#leaf(type, scope);
      default:
        return this.#leaf(type, scope);
    }
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
      default:
        return `(${this.wide(type.startsWith("u") ? "u32" : "i32", scope, depth)} as ${type})`;
    }
  }

  network(type: "be16" | "be32" | "be64", scope: Scope, depth: number): string {
    const random = this.#random;
    const place = this.#place(scope, (candidate) => candidate === type);
    if (place !== undefined && depth > 0 && random.chance(30)) {
      return `(${place} ${random.pick(["&", "|", "^"])} ${this.network(type, scope, depth - 1)})`;
    }
    if (place !== undefined && random.chance(50)) return place;
    const [word, host] = ({ be16: ["htons", "u16"], be32: ["htonl", "u32"], be64: ["htonll", "u64"] } as const)[type];
    return `${word}(${this.scalar(host, scope, depth - 1)})`;
  }

  condition(scope: Scope, depth: number): string {
    const random = this.#random;
    const type = random.pick(["u32", "u64", "i32", "i64"] as const);
    if (depth > 0) {
      switch (random.below(8)) {
        case 0:
          return `(${this.condition(scope, depth - 1)} && ${this.condition(scope, depth - 1)})`;
        case 1:
          return `(${this.condition(scope, depth - 1)} || ${this.condition(scope, depth - 1)})`;
        case 2:
          return `!(${this.condition(scope, depth - 1)})`;
        case 3:
          return this.#networkComparison(scope, depth) ?? this.condition(scope, depth - 1);
        case 4: {
          const call = this.#callOf("boolean", scope, depth);
          if (call !== undefined) return call;
        }
      }
    }
    const booleans = scope.variables.filter((variable) => variable.type === "boolean");
    const [first, ...rest] = booleans;
    if (first !== undefined && random.chance(20)) return random.pick([first, ...rest]).name;
    const left = this.wide(type, scope, depth - 1);
    if (random.chance(50))
      return `(${left} ${random.pick(["===", "!==", "<", "<=", ">", ">="])} ${this.#literal(type)})`;
    // TypeScript takes `a < (b > (c` for the beginning of a call with type arguments.
    return `(${left} ${random.pick(["===", "!==", "<=", ">", ">="])} ${this.wide(type, scope, depth - 1)})`;
  }

  /** An integer of any type. */
  anyInteger(scope: Scope, depth: number): string {
    const place = this.#place(scope, (type) => !type.startsWith("be"));
    if (place !== undefined && this.#random.chance(60)) return place;
    return this.wide(this.#random.pick(["u32", "u64", "i32", "i64"]), scope, depth);
  }

  /** A number from 0 to `limit - 1`, a power of two. */
  below(limit: number, scope: Scope, depth: number): string {
    if (this.#random.chance(40)) return String(this.#random.below(limit));
    return `(${this.wide("u32", scope, depth)} & ${limit - 1})`;
  }

  /** All scalars that are in reach as something to assign to. */
  places(scope: Scope): readonly ScalarPlace[] {
    const variables = scope.variables.flatMap(({ name, type, mutable }) =>
      mutable && type !== "boolean" ? [{ text: name, type }] : [],
    );
    return [...variables, ...this.#fieldPlaces(scope)];
  }

  #fieldPlaces(scope: Scope): readonly ScalarPlace[] {
    return scope.records.flatMap((record) => this.#placesIn(record.name, record, scope));
  }

  #placesIn(prefix: string, { record, indexed }: ScopeRecord, scope: Scope): readonly ScalarPlace[] {
    return record.fields.flatMap(({ name, of }) => this.#placesOf(`${prefix}.${name}`, of, indexed, scope));
  }

  #placesOf(text: string, kind: FieldKind, indexed: boolean, scope: Scope): readonly ScalarPlace[] {
    if (kind.kind === "scalar") return [{ text, type: kind.type }];
    if (kind.kind === "record") {
      return kind.record.fields.flatMap(({ name, of }) => this.#placesOf(`${text}.${name}`, of, indexed, scope));
    }
    const variables = scope.variables.filter(({ type }) => type === "u32" || type === "u8" || type === "u16");
    const [first, ...rest] = variables;
    const index =
      first !== undefined && indexed && this.#random.chance(60)
        ? `${this.#random.pick([first, ...rest]).name} & ${kind.length - 1}`
        : String(this.#random.below(kind.length));
    return [{ text: `${text}[${index}]`, type: kind.element }];
  }

  #place(scope: Scope, fits: (type: Scalar) => boolean): string | undefined {
    const variables = scope.variables.flatMap(({ name, type }) => (type === "boolean" ? [] : [{ text: name, type }]));
    const [first, ...rest] = [...variables, ...this.#fieldPlaces(scope)].filter(({ type }) => fits(type));
    return first && this.#random.pick([first, ...rest]).text;
  }

  #leaf(type: Wide, scope: Scope): string {
    if (this.#random.chance(15)) return `(${this.#literal(type)} as ${type})`;
    const place = this.#place(scope, (candidate) => candidate === type);
    if (place !== undefined && this.#random.chance(60)) return place;
    const other = this.#place(scope, (candidate) => !candidate.startsWith("be"));
    return other === undefined ? `(${this.#literal(type)} as ${type})` : `(${other} as ${type})`;
  }

  #literal(type: Wide): string {
    const bits = this.#random.bits();
    const width = type.endsWith("32") ? 32 : 64;
    const value = type.startsWith("u") ? BigInt.asUintN(width, bits) : BigInt.asIntN(width, bits);
    const safe = value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER);
    return safe ? String(value) : `${type}.of(${value}n)`;
  }

  #arithmetic(type: Wide, scope: Scope, depth: number): string {
    const operator = this.#random.pick(["+", "-", "*", "&", "|", "^"]);
    return `(${this.wide(type, scope, depth - 1)} ${operator} ${this.#operand(type, scope, depth - 1)})`;
  }

  /** The right operand: also a literal, or something narrower. */
  #operand(type: Wide, scope: Scope, depth: number): string {
    if (this.#random.chance(25)) return this.#literal(type);
    const narrower = this.#place(scope, (candidate) => widening[type].includes(candidate));
    if (narrower !== undefined && this.#random.chance(30)) return narrower;
    return this.wide(type, scope, depth);
  }

  #shift(type: Wide, scope: Scope, depth: number): string {
    const width = type.endsWith("32") ? 32 : 64;
    // The plus, since TypeScript takes `a << ((b > (c` for the beginning of a call with type arguments.
    const amount = this.#random.chance(60)
      ? String(this.#random.below(width))
      : `+(${this.wide(this.#random.pick(["u32", "u64"]), scope, depth - 1)} & ${this.#random.pick([31, 63, 127])})`;
    const operator = this.#random.pick(type.startsWith("u") ? ["<<", ">>", ">>>"] : ["<<", ">>"]);
    return `(${this.wide(type, scope, depth - 1)} ${operator} ${amount})`;
  }

  #division(type: Wide, scope: Scope, depth: number): string {
    if (type.startsWith("i")) return this.#arithmetic(type, scope, depth);
    const literal = this.#literal(type);
    const right = literal === "0" || this.#random.chance(50) ? `${this.wide(type, scope, depth - 1)} + 0` : literal;
    return `(${this.wide(type, scope, depth - 1)} ${this.#random.pick(["/", "%"])} (${right}))`;
  }

  #step(type: Wide, scope: Scope): string | undefined {
    const mutable = scope.variables.filter((variable) => variable.mutable && variable.type === type);
    const [first, ...rest] = mutable;
    if (first === undefined) return undefined;
    const { name } = this.#random.pick([first, ...rest]);
    return this.#random.pick([`(${name}++)`, `(--${name})`, `(${name} = ${this.wide(type, scope, 1)})`]);
  }

  /** A number from something in network order. */
  #host(type: Wide, scope: Scope): string | undefined {
    const network = this.#random.pick(["be16", "be32", "be64"] as const);
    const place = this.#place(scope, (candidate) => candidate === network);
    const word = { be16: "ntohs", be32: "ntohl", be64: "ntohll" }[network];
    return place && `(${word}(${place}) as ${type})`;
  }

  /** The first bytes of a record, read as another one. */
  #viewed(type: Wide, scope: Scope): string | undefined {
    const [first, ...rest] = scope.records;
    const field = this.#random.pick(["first", "both"]);
    const inside = this.#random.chance(50) ? this.#insideArray(scope) : undefined;
    if (inside !== undefined) return `(view(${inside}).${field} as ${type})`;
    return first && `(view(${this.#random.pick([first, ...rest]).name}, Bytes).${field} as ${type})`;
  }

  /** An array, and a record of two bytes that begins somewhere in it. */
  #insideArray(scope: Scope): string | undefined {
    const arrays = scope.records.flatMap(({ name, record, indexed }) =>
      record.fields.flatMap(({ name: field, of }) =>
        of.kind === "array" ? [{ array: `${name}.${field}`, of, indexed }] : [],
      ),
    );
    const [first, ...rest] = arrays;
    if (first === undefined) return undefined;
    const { array, of, indexed } = this.#random.pick([first, ...rest]);
    const places = of.length / 2;
    const at = indexed ? this.below(places, scope, 1) : String(this.#random.below(places));
    return `${array}, Bytes, ${at}`;
  }

  /** The same number, but the verifier does not know that. */
  #hidden(type: Wide, scope: Scope, depth: number): string | undefined {
    const fields = scope.records.flatMap(({ name, record }) =>
      record.fields.flatMap(({ name: field, of }) =>
        of.kind === "scalar" && !of.type.endsWith("64") ? [`${name}, "${field}"`] : [],
      ),
    );
    const [first, ...rest] = fields;
    if (first === undefined || type !== "u32") return undefined;
    return `opaque(${this.wide(type, scope, depth - 1)}, ${this.#random.pick([first, ...rest])})`;
  }

  /** A verdict that sends the packet elsewhere; the maps have no targets. */
  #redirect(scope: Scope, depth: number): string {
    const number = () => this.wide("u32", scope, depth - 1);
    const map = this.#random.pick(["CPUS", "PORTS"]);
    return this.#random.pick([
      `redirect(${number()})`,
      `${map}.redirect(${number()})`,
      `${map}.redirect(${number()}, ${this.#random.chance(50) ? this.#random.below(4) : number()})`,
      `PORTS.broadcast(${this.#random.pick([0, 16, 32, `(${number()} & 24)`])})`,
    ]);
  }

  /** A field that can be added to atomically. */
  atomicField(scope: Scope): { readonly record: string; readonly field: string; readonly type: Wide } | undefined {
    const fields = scope.records.flatMap(({ name, record, indexed }) =>
      record.fields.flatMap(({ name: field, of }) => {
        const wide =
          of.kind === "scalar" && (of.type === "u32" || of.type === "u64" || of.type === "i32" || of.type === "i64");
        return wide && indexed ? [{ record: name, field, type: of.type }] : [];
      }),
    );
    const [first, ...rest] = fields;
    return first && this.#random.pick([first, ...rest]);
  }

  #networkComparison(scope: Scope, depth: number): string | undefined {
    const type = this.#random.pick(["be16", "be32", "be64"] as const);
    const place = this.#place(scope, (candidate) => candidate === type);
    if (place === undefined) return undefined;
    const operator = this.#random.pick(["===", "!=="]);
    return `(${place} ${operator} ${this.#random.chance(20) ? "0" : this.network(type, scope, depth - 1)})`;
  }

  #call(type: Wide, scope: Scope, depth: number): string | undefined {
    return this.#callOf(type, scope, depth);
  }

  #callOf(type: string, scope: Scope, depth: number): string | undefined {
    const [first, ...rest] = scope.functions.filter((candidate) => candidate.returns === type);
    return first && this.callText(this.#random.pick([first, ...rest]), scope, depth - 1);
  }

  /** A call with random arguments; undefined where there is no record to give. */
  callText(called: Scope["functions"][number], scope: Scope, depth: number): string | undefined {
    const given = called.parameters.map((type) => this.scalar(type, scope, depth));
    if (called.record === undefined) return `${called.name}(${given.join(", ")})`;
    const [first, ...rest] = scope.records.filter(
      ({ record, indexed, made }) => record === called.record && indexed && !(made && called.separate),
    );
    if (first === undefined) return undefined;
    return `${called.name}(${[this.#random.pick([first, ...rest]).name, ...given].join(", ")})`;
  }
}
