import type { GlobalDeclaration, MapDeclaration } from "../constants/constant.ts";
import type { Place } from "../tree/access.ts";
import type { BuiltinNode } from "../tree/call.ts";
import type { Expression } from "../tree/expression.ts";
import type { FunctionTree } from "../tree/function.ts";
import { contentsOf } from "../tree/global-section.ts";
import type { Local } from "../tree/local.ts";
import type { FileTree, ProgramTree } from "../tree/program.ts";
import { contextLayouts } from "../types/context-layout.ts";
import { isScalar, typeOfLayout } from "../types/kernel-type.ts";
import type { ProgramKind } from "../types/program-kind.ts";
import { interpretExpression, partReference, readPart, writePart } from "./expression.ts";
import { hex, MapMemory } from "./map-memory.ts";
import { writeScalar } from "./memory.ts";
import { MovingPacket } from "./moving-packet.ts";
import type { Reference, RuntimeValue } from "./runtime-value.ts";
import { interpretBody } from "./statement.ts";
import { StepLimitError } from "./step-limit-error.ts";
import { TailCall } from "./tail-call.ts";

/** What surrounds a program while it is interpreted. */
export interface Surroundings {
  /** Values for `config()`s; their own where none is given. */
  readonly configs?: Readonly<Record<string, bigint>>;
  /** What `jiffies`, `cpuNumber` … give, by name; 0 where nothing is given. */
  readonly ambient?: Readonly<Record<string, bigint>>;
  /** Statements that may be executed, over all runs. */
  readonly steps?: number;
}

/** `MAX_TAIL_CALL_CNT`. */
const MOST_TAIL_CALLS = 33;
const MANY_STEPS = 1_000_000;

/**
 * Runs the typed tree of a kernel file, exactly as the language is defined: the measure for the code that is generated
 * from the same tree. Maps keep their contents from one run to the next.
 *
 * @example
 * ```ts
 * const { tree } = check("drop.bpf.ts");
 * if (tree === undefined) throw new Error("the program has mistakes");
 * const interpreter = new Interpreter(tree);
 * interpreter.run("drop_arp", frame); // 1n
 * interpreter.contents("STATS");
 * ```
 */
export class Interpreter {
  readonly #file: FileTree;
  readonly #surroundings: Surroundings;
  readonly #maps: ReadonlyMap<string, MapMemory>;
  #packet = new MovingPacket(new Uint8Array());
  readonly #locals = new Map<Local, RuntimeValue>();
  readonly #sections: ReadonlyMap<string, Uint8Array>;
  readonly #globals = new Map<GlobalDeclaration, Reference>();
  #steps: number;
  #tailCalls = 0;

  constructor(file: FileTree, surroundings: Surroundings = {}) {
    this.#file = file;
    this.#surroundings = surroundings;
    this.#steps = surroundings.steps ?? MANY_STEPS;
    this.#maps = new Map(file.maps.map((map) => [map.name, new MapMemory(map)]));
    this.#sections = new Map(file.globals.map((section) => [section.name, contentsOf(section)]));
    for (const { name, variables } of file.globals) {
      const memory = this.#sections.get(name) ?? new Uint8Array();
      for (const { global, offset } of variables) this.#globals.set(global, { memory, offset });
    }
  }

  /** The verdict on a packet, whose bytes the program may change. */
  run(name: string, packet: Uint8Array): bigint {
    this.#packet = new MovingPacket(packet);
    this.#tailCalls = 0;
    let program = name;
    for (;;) {
      try {
        return this.#runProgram(program);
      } catch (error) {
        if (!(error instanceof TailCall)) throw error;
        program = error.program;
      }
    }
  }

  #runProgram(name: string): bigint {
    const program = this.#file.programs.find((candidate: ProgramTree) => candidate.name === name);
    if (program === undefined) throw new Error(`the file has no program ${name}`);
    const verdict = this.call(program.body, [this.#context(program.kind)]);
    if (typeof verdict !== "bigint") throw new Error(`${name} gave no verdict`);
    return verdict;
  }

  /** Goes on as the program at an index, if there is one. */
  tailCall({ programs }: MapDeclaration, index: bigint): void {
    const program = programs[Number(index)];
    if (program === undefined || this.#tailCalls >= MOST_TAIL_CALLS) return;
    this.#tailCalls += 1;
    throw new TailCall(program.name);
  }

  /** What the program is given: fields hold what {@link Surroundings.ambient} has under their names. */
  #context({ given, type }: ProgramKind): RuntimeValue {
    if (given !== "packet" && given !== "buffer" && given !== "socket") {
      throw new Error(`${type} programs run in the kernel only`);
    }
    const { layout } = contextLayouts[given];
    const memory = new Uint8Array(layout.size);
    for (const field of layout.fields) {
      const type = typeOfLayout(field.layout);
      const known = field.name === "totalLength" ? BigInt(this.#packet.bytes.length) : this.ambient(field.name);
      if (isScalar(type)) writeScalar({ memory, offset: field.offset }, type, known);
    }
    return { memory, offset: 0 };
  }

  /** The packet of the last run, as the program left it. */
  get packet(): MovingPacket {
    return this.#packet;
  }

  /** What a map, or a section of global variables, holds, as text. */
  contents(name: string): readonly (readonly [key: string, value: string])[] {
    const section = this.#sections.get(name);
    if (section !== undefined) return [["00000000", hex(section)]];
    return this.#maps.get(name)?.contents() ?? [];
  }

  map({ name }: MapDeclaration): MapMemory {
    const map = this.#maps.get(name);
    if (map === undefined) throw new Error(`the file has no map ${name}`);
    return map;
  }

  config(name: string, initial: bigint): bigint {
    return this.#surroundings.configs?.[name] ?? initial;
  }

  ambient(name: string): bigint {
    return this.#surroundings.ambient?.[name] ?? 0n;
  }

  /** Nothing calls itself, so each variable is there once, and functions within functions find those around. */
  call(tree: FunctionTree, values: readonly RuntimeValue[]): RuntimeValue {
    for (const [index, parameter] of tree.parameters.entries()) this.#locals.set(parameter, values[index]);
    return interpretBody(tree, this);
  }

  /** Calls the function that a helper was given, with what it gives; true when that wants no further call. */
  callBack({ callback }: BuiltinNode, given: readonly (bigint | Reference)[]): boolean {
    if (callback === undefined) throw new Error("there is nothing to be called back");
    const values = callback.parameters.map(({ type }, index) => {
      const value = given[index];
      return typeof value === "object" ? readPart(value, type) : value;
    });
    return this.call(callback, values) === 1n;
  }

  /** Where a global variable lies, in memory that stays from one run to the next. */
  global(declaration: GlobalDeclaration): Reference {
    const found = this.#globals.get(declaration);
    if (found === undefined) throw new Error(`the global variable ${declaration.name} lies nowhere`);
    return found;
  }

  step(): void {
    if (--this.#steps < 0) throw new StepLimitError();
  }

  read(local: Local): RuntimeValue {
    return this.#locals.get(local);
  }

  write(local: Local, value: RuntimeValue): void {
    this.#locals.set(local, value);
  }

  evaluate(node: Expression): RuntimeValue {
    return interpretExpression(node, this);
  }

  integer(node: Expression): bigint {
    const value = this.evaluate(node);
    if (typeof value === "bigint") return value;
    throw new Error(`${node.kind} is no integer`);
  }

  condition(node: Expression): boolean {
    return this.integer(node) !== 0n;
  }

  /** A record or an array, not null. */
  reference(node: Expression): Reference {
    const value = this.evaluate(node);
    if (typeof value === "object" && value !== null) return value;
    throw new Error(`${node.kind} is no record`);
  }

  /** A key or value as a helper gets it. */
  bytes(node: Expression): Uint8Array {
    return this.handed(node)();
  }

  /** Evaluates a key or a value, and gives it as it is when all else has been evaluated that the helper is given. */
  handed(node: Expression): () => Uint8Array {
    if (isScalar(node.type)) {
      const memory = new Uint8Array(node.type.bits / 8);
      writeScalar({ memory, offset: 0 }, node.type, this.integer(node));
      return () => memory;
    }
    const { memory, offset } = this.reference(node);
    const size = node.type.kind === "record" || node.type.kind === "array" ? node.type.layout.size : 0;
    return () => memory.slice(offset, offset + size);
  }

  assign(target: Place, value: RuntimeValue): void {
    if (target.kind === "local") this.write(target.local, value);
    else if (typeof value === "bigint") writePart(partReference(target, this), target.type, value);
  }
}
