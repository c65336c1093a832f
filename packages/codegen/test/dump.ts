import { disassemble } from "@weir/bytecode";
import { Machine } from "@weir/bytecode/machine";
import {
  type Block,
  type CompileOptions,
  type FunctionBuilder,
  ModuleBuilder,
  PASS_NAMES,
  type PassName,
  type Value,
} from "../src/index.ts";

/** Makes a function of one parameter. */
export type Make = (builder: FunctionBuilder) => void;

function built(make: Make): ModuleBuilder {
  const module = new ModuleBuilder();
  make(module.function("program", { parameters: 1 }));
  return module;
}

/** The IR as it is built. */
export function dumpBuilt(make: Make): string {
  let text = "";
  built(make).build("program", { verify: true, without: PASS_NAMES, dump: (_, dumped) => (text = dumped) });
  return `\n${text}`;
}

/** The IR after one pass, with no other. */
export function dumpAfter(pass: PassName, make: Make): string {
  let text = "";
  const without = PASS_NAMES.filter((name) => name !== pass);
  const dump = (_: PassName | "build", dumped: string) => (text = dumped);
  built(make).build("program", { verify: true, without, dump });
  return `\n${text}`;
}

/** The instructions that come out in the end. */
export function assembly(make: Make, options: CompileOptions = {}): string {
  const { instructions } = built(make).build("program", { verify: true, ...options });
  return `\n${disassemble(instructions)}`;
}

/** What the function gives, compiled with one pass alone. */
export function resultAfter(pass: PassName, make: Make): bigint {
  const without = PASS_NAMES.filter((name) => name !== pass);
  const { instructions } = built(make).build("program", { verify: true, without });
  return Machine.of(instructions).run({ packet: new Uint8Array(64) }).result;
}

/** Seals and enters a block whose predecessors are all there. */
export function begin(builder: FunctionBuilder, block: Block): void {
  builder.seal(block);
  builder.enter(block);
}

export function constant32(builder: FunctionBuilder, value: number): ReturnType<FunctionBuilder["constant"]> {
  return builder.constant(32, BigInt(value));
}

/** The packet's start and end, as an XDP program has them. */
export function packetPointers(builder: FunctionBuilder): readonly [data: Value, end: Value] {
  const pointer = (offset: number): Value => builder.load(32, builder.parameter(0), offset, { packet: true });
  return [pointer(0), pointer(4)];
}
