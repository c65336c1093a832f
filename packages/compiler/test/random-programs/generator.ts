import type { Random } from "@weir/laboratory";
import type { Feature, Made } from "./feature.ts";
import { type FieldKind, type RandomRecord, type RecordParts, randomRecord, type Scalar } from "./records.ts";
import type { Frame, RandomFunction, RecordPlace, Scope, ScopeRecord, ScopeVariable } from "./scope.ts";
import { Values, weighted } from "./values.ts";

export interface RandomMap {
  readonly name: string;
  /** The word that declares it. */
  readonly word: string;
  readonly kind: "array" | "hash";
  readonly key: RandomRecord | Scalar;
  readonly value: RandomRecord;
  readonly maxEntries: number;
}

/** A function whose result is a record. */
export interface RecordFunction {
  readonly record: RandomRecord;
  readonly call: (argument: string) => string;
  /** It needs the packet. */
  readonly packet?: boolean;
}

const DEPTH = 3;

/** Makes the text of one random program, feature by feature. */
export class Generator {
  readonly random: Random;
  /** That programs run on. */
  readonly cpu: number;
  readonly values: Values;
  readonly maps: RandomMap[] = [];
  readonly configs: { readonly name: string; readonly type: Scalar }[] = [];
  readonly globals: ScopeVariable[] = [];
  readonly globalRecords: ScopeRecord[] = [];
  /** Lists of constants that are read by an index. */
  readonly tables: {
    readonly name: string;
    readonly length: number;
    readonly type: Exclude<Scalar, `be${string}`>;
  }[] = [];
  readonly functions: RandomFunction[] = [];
  /** Functions that find a record, or null. */
  readonly finders: RecordFunction[] = [];
  /** Functions that make a record. */
  readonly makers: RecordFunction[] = [];
  /** Layouts that `packet.at` is asked for. The first is short enough for every packet. */
  readonly packetRecords: RandomRecord[] = [];
  readonly #features: readonly Feature[];
  readonly #records: RandomRecord[] = [];
  #names = 0;
  /** Statements that may still be made in the function at hand. */
  #budget = 0;

  constructor(random: Random, features: readonly Feature[], cpu: number) {
    this.random = random;
    this.cpu = cpu;
    this.#features = features;
    this.values = new Values(this, random, features);
  }

  /** A new record layout, declared before everything else. */
  record(name: string, parts: RecordParts = {}): RandomRecord {
    const record = randomRecord(this.random, name, parts);
    this.#records.push(record);
    return record;
  }

  get records(): readonly RandomRecord[] {
    return this.#records;
  }

  name(prefix: string): string {
    return `${prefix}${this.#names++}`;
  }

  /** Statements, and a `return` where a value is wanted. */
  body(scope: Scope, statements: number): string {
    const outer = this.#budget;
    this.#budget = statements * 2;
    const text = this.list(scope, statements, (inner) => this.returnText(inner));
    this.#budget = outer;
    return text;
  }

  list(scope: Scope, length: number, end: (scope: Scope) => string = () => ""): string {
    const lines: string[] = [];
    let inner = scope;
    for (let count = 0; count < length && this.#budget-- > 0; count++) {
      const made = this.statement(inner);
      lines.push(made.text);
      inner = made.scope;
    }
    lines.push(end(inner));
    return lines.filter((line) => line !== "").join("\n");
  }

  block(scope: Scope): string {
    return `{\n${this.list(scope.inBlock(), 1 + this.random.below(3))}\n}`;
  }

  statement(scope: Scope): Made {
    const makers = this.#features.flatMap(({ statements = [] }) => statements);
    for (let attempt = 0; attempt < 4; attempt++) {
      const made = weighted(this.random, makers)?.(scope, this);
      if (typeof made === "string") return { text: made, scope };
      if (made !== undefined) return made;
    }
    return { text: ";", scope };
  }

  /** How a body may be left before its end. */
  leave(scope: Scope): string {
    const ways = [this.returnText(scope) || "return;"];
    if (scope.loops.length > 0) {
      ways.push("continue;");
      if (!scope.inSwitch) ways.push("break;");
      for (const label of scope.loops) if (label !== undefined) ways.push(`break ${label};`, `continue ${label};`);
    }
    return this.values.choose(ways) ?? "return;";
  }

  returnText(scope: Scope): string {
    const { returns, isProgram } = scope.frame;
    if (isProgram) return this.#returnAll(scope);
    if (returns === "void") return "";
    if (returns === "boolean") return `return ${this.values.condition(scope, 2)};`;
    return `return ${this.values.scalar(returns, scope, DEPTH)};`;
  }

  /** The verdict of a program tells of every variable. */
  #returnAll(scope: Scope): string {
    const words: Partial<Record<string, string>> = { be16: "ntohs", be32: "ntohl", be64: "ntohll" };
    const parts = scope.variables.map(({ name, type }) => {
      if (type === "boolean") return `(${name} ? 1 : (0 as u32))`;
      const word = words[type];
      return `((${word === undefined ? name : `${word}(${name})`} as u32) * ${3 + this.random.below(90)})`;
    });
    return `return ${[...parts, "(7 as u32)"].join(" ^ ")};`;
  }

  /** A record that may be null, tested in one of the ways in which people test it. */
  checked(value: string, record: RandomRecord, lies: RecordPlace, scope: Scope): Made {
    const name = this.name("m");
    // TypeScript goes round in circles where a choice depends, in a loop, on what is asked of its result.
    const annotation = value.includes("?") ? `: Value<typeof ${record.name}> | null` : "";
    const declaration = `const ${name}${annotation} = ${value}`;
    const { random, values } = this;
    const inner = scope.withRecord({ name, record, lies });
    const condition = random.chance(30) ? values.condition(inner, 1) : undefined;
    switch (random.below(5)) {
      case 0: {
        const otherwise = random.chance(50) ? ` else ${this.block(scope)}` : "";
        const test = condition === undefined ? `${name} !== null` : `${name} !== null && ${condition}`;
        return { text: `${declaration};\nif (${test}) ${this.block(inner)}${otherwise}`, scope };
      }
      case 1: {
        const test = condition === undefined ? `${name} === null` : `${name} === null || ${condition}`;
        return { text: `${declaration};\nif (${test}) ${this.leave(scope)}`, scope: inner };
      }
      case 2: {
        const type = random.pick(["u32", "u64"] as const);
        const result = this.name("v");
        const [a, b] = [values.wide(type, scope, 2), values.wide(type, inner, 2)];
        const text = `${declaration};\nlet ${result}: ${type} = ${name} === null ? ${a} : ${b};`;
        return { text, scope: scope.withVariable({ name: result, type, mutable: true }) };
      }
      case 3: {
        const text = `${declaration};\nif (!${name}) ${this.block(scope)} else ${this.block(inner)}`;
        return { text, scope };
      }
      default: {
        // Something in between: the two ways meet before the test.
        const between = this.assignment(scope);
        return { text: `${declaration};\n${between}\nif (${name}) ${this.block(inner)}`, scope };
      }
    }
  }

  assignment(scope: Scope): string {
    const target = this.values.target(scope);
    return target === undefined ? ";" : `${target.text} = ${this.values.scalar(target.type, scope, DEPTH)};`;
  }

  /** The values of a new record; `few`: of few different ones, so that keys are found again. */
  newRecord(record: RandomRecord, scope: Scope, few = false): string {
    return `{ ${record.fields.map(({ name, of }) => `${name}: ${this.newPart(of, scope, few)}`).join(", ")} }`;
  }

  /** What a field of a new record is given. */
  newPart(of: FieldKind, scope: Scope, few = false): string {
    const scalar = (type: Scalar): string =>
      few && !type.startsWith("be")
        ? `(${this.values.below(2, scope, 1)} as ${type})`
        : this.values.scalar(type, scope, few ? 0 : 2);
    if (of.kind === "scalar") return scalar(of.type);
    if (of.kind === "record") return this.#inner(of.record, scope, few);
    const element = (one: Scalar | RandomRecord) =>
      typeof one === "string" ? scalar(one) : this.newRecord(one, scope, few);
    return `[${Array.from({ length: of.length }, () => element(of.element)).join(", ")}]`;
  }

  /** A record in a new record: new too, or copied. */
  #inner(record: RandomRecord, scope: Scope, few: boolean): string {
    const copied = this.values.choose(scope.records.filter((candidate) => candidate.record === record));
    return copied !== undefined && !few && this.random.chance(40) ? copied.name : this.newRecord(record, scope, few);
  }
}

/** A scope for the body of a function. */
export const frameOf = (frame: Partial<Frame>): Frame => ({
  returns: "void",
  isProgram: false,
  separate: false,
  packet: false,
  ...frame,
});
