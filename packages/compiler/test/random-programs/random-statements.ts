import type { Random } from "@weir/laboratory";
import type { Expressions } from "./random-expressions.ts";
import type { RandomRecord, Scalar } from "./random-records.ts";
import type { Named, Scope } from "./scope.ts";

export interface RandomMap {
  readonly name: string;
  readonly kind: "array" | "hash";
  readonly key: RandomRecord | Scalar;
  readonly value: RandomRecord;
  readonly maxEntries: number;
}

const DEPTH = 3;
const scalars = ["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "be16", "be32", "be64"] as const;

/** Random statements as text. */
export class Statements {
  readonly #random: Random;
  readonly #expressions: Expressions;
  readonly #packetRecords: readonly [RandomRecord, ...RandomRecord[]];
  readonly #maps: readonly [RandomMap, RandomMap, ...RandomMap[]];
  readonly #returns: Named | "void";
  readonly #isProgram: boolean;
  #names = 0;
  /** Statements that may still be made. */
  #budget: number;

  constructor(
    random: Random,
    expressions: Expressions,
    packetRecords: readonly [RandomRecord, ...RandomRecord[]],
    maps: readonly [RandomMap, RandomMap, ...RandomMap[]],
    returns: Named | "void",
    isProgram: boolean,
  ) {
    this.#random = random;
    this.#expressions = expressions;
    this.#packetRecords = packetRecords;
    this.#maps = maps;
    this.#returns = returns;
    this.#isProgram = isProgram;
    this.#budget = isProgram ? 30 : 14;
  }

  /** A list of statements that ends with a `return` where a value is wanted. */
  body(scope: Scope, length: number): string {
    return this.#list(scope, length, (inner) => (this.#isProgram ? this.#returnAll(inner) : this.#return(inner)));
  }

  /** The verdict of a program tells of every variable. */
  #returnAll(scope: Scope): string {
    const parts = scope.variables.map(({ name, type }) => {
      if (type === "boolean") return `(${name} ? 1 : (0 as u32))`;
      const host = { be16: `ntohs(${name})`, be32: `ntohl(${name})`, be64: `ntohll(${name})` };
      return `((${type === "be16" || type === "be32" || type === "be64" ? host[type] : name} as u32) * ${3 + this.#random.below(90)})`;
    });
    return `return ${[...parts, "(7 as u32)"].join(" ^ ")};`;
  }

  #list(scope: Scope, length: number, end: (scope: Scope) => string): string {
    const lines: string[] = [];
    let inner = scope;
    for (let count = 0; count < length && this.#budget-- > 0; count++) {
      const made = this.#statement(inner);
      lines.push(made.text);
      inner = made.scope;
    }
    lines.push(end(inner));
    return lines.join("\n");
  }

  #block(scope: Scope): string {
    return `{\n${this.#list(scope, 1 + this.#random.below(3), () => "")}\n}`;
  }

  #return(scope: Scope): string {
    if (this.#returns === "void") return "";
    if (this.#returns === "boolean") return `return ${this.#expressions.condition(scope, 2)};`;
    return `return ${this.#expressions.scalar(this.#returns, scope, DEPTH)};`;
  }

  #statement(scope: Scope): { readonly text: string; readonly scope: Scope } {
    const same = (text: string) => ({ text, scope });
    switch (this.#random.below(this.#isProgram ? 17 : 10)) {
      case 0:
      case 1:
        return this.#declare(scope);
      case 2:
        return same(this.#assign(scope));
      case 3:
        return same(this.#update(scope));
      case 4:
        return same(this.#if(scope));
      case 5:
        return same(scope.loops < (this.#isProgram ? 2 : 1) ? this.#loop(scope) : this.#assign(scope));
      case 6:
        return same(this.#switch(scope));
      case 7:
        return same(this.#callStatement(scope) ?? this.#assign(scope));
      case 8:
        return same(
          this.#random.chance(this.#isProgram ? 10 : 30)
            ? `if (${this.#expressions.condition(scope, 2)}) ${this.#leave(scope)}`
            : this.#assign(scope),
        );
      case 9:
        return same(this.#atomic(scope) ?? this.#update(scope));
      case 10:
      case 11:
        return this.#packet(scope);
      case 12:
      case 13:
        return this.#lookup(scope);
      case 14:
        return same(this.#change(scope));
      case 15:
        return same(this.#copy(scope) ?? this.#assign(scope));
      default:
        return this.#newRecord(scope);
    }
  }

  #name(prefix: string): string {
    return `${prefix}${this.#names++}`;
  }

  #declare(scope: Scope): { readonly text: string; readonly scope: Scope } {
    const mutable = this.#random.chance(70);
    const name = this.#name("v");
    const word = mutable ? "let" : "const";
    if (this.#random.chance(12)) {
      const value = this.#expressions.condition(scope, 2);
      return { text: `${word} ${name} = ${value};`, scope: scope.withVariable({ name, type: "boolean", mutable }) };
    }
    const type = this.#random.pick(scalars);
    const value = this.#expressions.scalar(type, scope, DEPTH);
    return { text: `${word} ${name}: ${type} = ${value};`, scope: scope.withVariable({ name, type, mutable }) };
  }

  #assign(scope: Scope): string {
    const [first, ...rest] = this.#expressions.places(scope);
    if (first === undefined) return ";";
    const { text, type } = this.#random.pick([first, ...rest]);
    return `${text} = ${this.#expressions.scalar(type, scope, DEPTH)};`;
  }

  #update(scope: Scope): string {
    const [first, ...rest] = this.#expressions.places(scope);
    if (first === undefined) return ";";
    const { text, type } = this.#random.pick([first, ...rest]);
    if (type.startsWith("be")) {
      return `${text} ${this.#random.pick(["&=", "|=", "^="])} ${this.#expressions.scalar(type, scope, 2)};`;
    }
    if (this.#random.chance(20)) return this.#random.pick([`${text}++;`, `--${text};`]);
    const signed = type.startsWith("i");
    if (this.#random.chance(20)) return `${text} ${this.#random.pick(["<<=", ">>="])} ${this.#random.below(8)};`;
    const operator = this.#random.pick(signed ? ["+=", "-=", "*=", "^="] : ["+=", "-=", "*=", "&=", "|=", "%=", "/="]);
    // A divisor that turns out to be 0 while compiling is a mistake.
    const divides = operator === "%=" || operator === "/=";
    const value =
      divides || this.#random.chance(30)
        ? String(1 + this.#random.below(100))
        : this.#expressions.scalar(type, scope, 2);
    return `${text} ${operator} ${value};`;
  }

  #atomic(scope: Scope): string | undefined {
    const target = this.#expressions.atomicField(scope);
    if (target === undefined) return undefined;
    const { record, field, type } = target;
    const word = this.#random.pick(["Add", "Add", "Add", "And", "Or", "Xor", "Exchange", "CompareExchange"]);
    const operands = Array.from({ length: word === "CompareExchange" ? 2 : 1 }, () =>
      this.#expressions.scalar(type, scope, 2),
    );
    const change = `atomic${word}(${[record, `"${field}"`, ...operands].join(", ")})`;
    const [first, ...rest] = scope.variables.filter((variable) => variable.mutable && variable.type === type);
    return first !== undefined && this.#random.chance(50)
      ? `${this.#random.pick([first, ...rest]).name} = ${change};`
      : `${change};`;
  }

  #if(scope: Scope): string {
    const condition = this.#expressions.condition(scope, DEPTH);
    const otherwise = this.#random.chance(50) ? ` else ${this.#block(scope)}` : "";
    return `if (${condition}) ${this.#block(scope)}${otherwise}`;
  }

  /** How a body may be left before its end. */
  #leave(scope: Scope): string {
    const ways = [this.#return(scope) || "return;"];
    if (scope.loops > 0) ways.push("break;", "continue;");
    return ways[this.#random.below(ways.length)] ?? "return;";
  }

  #loop(scope: Scope): string {
    const name = this.#name("i");
    const turns = 1 + this.#random.below(5);
    const inner = scope.inLoop().withVariable({ name, type: "u32", mutable: false });
    switch (this.#random.below(3)) {
      case 0:
        return `for (let ${name}: u32 = 0; ${name} < ${turns}; ${name}++) ${this.#block(inner)}`;
      case 1:
        return `let ${name}: u32 = 0; while (${name}++ < ${turns}) ${this.#block(inner)}`;
      default:
        return `let ${name}: u32 = 0; do ${this.#block(inner)} while (++${name} < ${turns} && ${this.#expressions.condition(inner, 1)});`;
    }
  }

  #switch(scope: Scope): string {
    const type = this.#random.pick(["u8", "u32", "i32"] as const);
    const cases = Array.from({ length: 1 + this.#random.below(4) }, (_, index) => {
      const test = type === "i32" ? index - 1 : index;
      return `case ${test}: ${this.#list(scope, 1, () => "")} ${this.#random.chance(70) ? "break;" : ""}`;
    });
    if (this.#random.chance(60)) {
      cases.splice(this.#random.below(cases.length + 1), 0, `default: ${this.#list(scope, 1, () => "")} break;`);
    }
    const subject =
      type === "i32"
        ? `((${this.#expressions.wide("i32", scope, 2)} & 3) - 1)`
        : `((${this.#expressions.wide("u32", scope, 2)} & 3) as ${type})`;
    // In a block of its own, since the clauses' declarations share one scope.
    return `switch (${subject}) {\n${cases.map((text) => `${text.replace(/: /, ": {")}}`).join("\n")}\n}`;
  }

  #callStatement(scope: Scope): string | undefined {
    const [first, ...rest] = scope.functions;
    const call = first && this.#expressions.callText(this.#random.pick([first, ...rest]), scope, 2);
    return call && `${call};`;
  }

  #packet(scope: Scope): { readonly text: string; readonly scope: Scope } {
    const record = this.#random.pick(this.#packetRecords);
    const name = this.#name("p");
    const offset = this.#random.chance(40)
      ? String(this.#random.below(60))
      : `${this.#expressions.below(this.#random.pick([16, 64]), scope, 1)} + ${this.#random.below(20)}`;
    const isHeader = record === this.#packetRecords[0];
    const value =
      isHeader && this.#random.chance(40) ? `locate(packet, ${offset})` : `packet.at(${record.name}, ${offset})`;
    return this.#checked(value, name, record, { indexed: false, made: false, inHash: false }, scope);
  }

  /** Copies a part of the packet, or what would lie behind it, into bytes that lie in a map or on the stack. */
  #copy(scope: Scope): string | undefined {
    const [first, ...rest] = scope.records.flatMap(({ name, record, indexed }) =>
      record.fields.flatMap(({ name: field, of }) =>
        indexed && of.kind === "array" && of.element === "u8" ? [{ text: `${name}.${field}`, size: of.length }] : [],
      ),
    );
    if (first === undefined) return undefined;
    const { text, size } = this.#random.pick([first, ...rest]);
    const half = size / 2;
    const at = this.#expressions.below(half, scope, 1);
    const offset = this.#expressions.below(this.#random.pick([16, 128]), scope, 1);
    const length = this.#random.chance(50) ? "1" : `1 + ${this.#expressions.below(half, scope, 1)}`;
    const copy = `packet.copyTo(${text}, ${at}, ${offset}, ${length})`;
    const [variable, ...others] = scope.variables.filter(({ mutable, type }) => mutable && type === "i32");
    return variable === undefined ? `${copy};` : `${this.#random.pick([variable, ...others]).name} = ${copy};`;
  }

  #lookup(scope: Scope): { readonly text: string; readonly scope: Scope } {
    const map = this.#random.pick(this.#maps);
    const name = this.#name("m");
    const key = this.#key(map, scope);
    const call = map.kind === "array" && this.#random.chance(40) ? `slot(${key})` : `${map.name}.lookup(${key})`;
    return this.#checked(call, name, map.value, { indexed: true, made: false, inHash: map.kind === "hash" }, scope);
  }

  #key({ key, kind, maxEntries }: RandomMap, scope: Scope): string {
    if (kind === "array") return this.#expressions.below(maxEntries * 2, scope, 1);
    // Few keys, so that some are found again.
    if (typeof key === "string") return `(${this.#expressions.below(4, scope, 1)} as ${key})`;
    const [first, ...rest] = scope.records.filter((candidate) => candidate.record === key);
    if (first !== undefined && this.#random.chance(50)) return this.#random.pick([first, ...rest]).name;
    return this.recordText(key, scope, true);
  }

  /** A record that may be null, tested in one of the ways in which people test it. */
  #checked(
    value: string,
    name: string,
    record: RandomRecord,
    kind: { readonly indexed: boolean; readonly made: boolean; readonly inHash: boolean },
    scope: Scope,
  ): { readonly text: string; readonly scope: Scope } {
    const inner = scope.withRecord({ name, record, ...kind });
    const condition = this.#random.chance(30) ? this.#expressions.condition(inner, 1) : undefined;
    switch (this.#random.below(4)) {
      case 0: {
        const otherwise = this.#random.chance(50) ? ` else ${this.#block(scope)}` : "";
        const test = condition === undefined ? `${name} !== null` : `${name} !== null && ${condition}`;
        return { text: `const ${name} = ${value};\nif (${test}) ${this.#block(inner)}${otherwise}`, scope };
      }
      case 1: {
        const test = condition === undefined ? `${name} === null` : `${name} === null || ${condition}`;
        return { text: `const ${name} = ${value};\nif (${test}) ${this.#leave(scope)}`, scope: inner };
      }
      case 2: {
        const type = this.#random.pick(["u32", "u64"] as const);
        const result = this.#name("v");
        const variable = { name: result, type, mutable: true };
        const [a, b] = [this.#expressions.wide(type, scope, 2), this.#expressions.wide(type, inner, 2)];
        const text = `const ${name} = ${value};\nlet ${result}: ${type} = ${name} === null ? ${a} : ${b};`;
        return { text, scope: scope.withVariable(variable) };
      }
      default: {
        // Something in between: the two ways meet before the test.
        const between = this.#assign(scope);
        return { text: `const ${name} = ${value};\n${between}\nif (${name}) ${this.#block(inner)}`, scope };
      }
    }
  }

  /** Changes a map, unless a record in reach may lie in it. */
  #change(scope: Scope): string {
    const [first, ...rest] = this.#maps.filter((map) => map.kind === "hash");
    if (first === undefined || scope.records.some((record) => record.inHash)) return this.#assign(scope);
    const map = this.#random.pick([first, ...rest]);
    if (this.#random.chance(25)) return `${map.name}.delete(${this.#key(map, scope)});`;
    const mode = this.#random.pick(["", ", BPF_ANY", ", BPF_NOEXIST", ", BPF_EXIST"]);
    return `${map.name}.update(${this.#key(map, scope)}, ${this.recordText(map.value, scope, false)}${mode});`;
  }

  #newRecord(scope: Scope): { readonly text: string; readonly scope: Scope } {
    const [first, ...rest] = this.#maps.flatMap(({ key, value }) => (typeof key === "string" ? [value] : [key, value]));
    if (first === undefined) return { text: this.#assign(scope), scope };
    const record = this.#random.pick([first, ...rest]);
    const name = this.#name("r");
    const made = record === this.#maps[1].value && this.#random.chance(50);
    const value = made ? `make(${this.#expressions.wide("u32", scope, 2)})` : this.recordText(record, scope, false);
    const text = `const ${name}: Value<typeof ${record.name}> = ${value};`;
    return { text, scope: scope.withRecord({ name, record, indexed: true, made: true, inHash: false }) };
  }

  /** The values of a new record; `few`: of few different ones, so that keys are found again. */
  recordText(record: RandomRecord, scope: Scope, few: boolean): string {
    const scalar = (type: Scalar): string =>
      few && !type.startsWith("be")
        ? `(${this.#expressions.below(2, scope, 1)} as ${type})`
        : this.#expressions.scalar(type, scope, 2);
    const fields = record.fields.map(({ name, of }) => {
      if (of.kind === "scalar") return `${name}: ${scalar(of.type)}`;
      if (of.kind === "record") return `${name}: ${this.recordText(of.record, scope, few)}`;
      return `${name}: [${Array.from({ length: of.length }, () => scalar(of.element)).join(", ")}]`;
    });
    return `{ ${fields.join(", ")} }`;
  }
}
