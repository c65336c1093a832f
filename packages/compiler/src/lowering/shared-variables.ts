import { helperNumber } from "@weir/bytecode";
import type { FunctionBuilder, Value, Variable, Width } from "@weir/codegen";
import { type Captures, capturesOf } from "../tree/captures.ts";
import type { FunctionTree } from "../tree/function.ts";
import type { Local } from "../tree/local.ts";
import { isContext, isScalar, type ScalarType } from "../types/kernel-type.ts";
import { u8 } from "../types/scalar.ts";
import { bindValue } from "./call.ts";
import type { FunctionLowering, GivenContext } from "./function-lowering.ts";
import { widestAccesses } from "./memory.ts";
import { alignmentOf, isOnStack, type MemoryPlace } from "./place.ts";

/** Bytes of the memory that each variable takes: the verifier knows only what is at multiples of 8 again when it is loaded. */
const UNIT = 8;

/** What a callback has of the function around, at so many bytes into the memory that they share. */
type Shared = { readonly local: Local; readonly offset: number } & (
  | { readonly kind: "copied"; readonly variable: Variable }
  /** The callback may give it another value. */
  | { readonly kind: "changed"; readonly variable: Variable; readonly type: ScalarType }
  /** Its address is shared. */
  | { readonly kind: "record"; readonly place: MemoryPlace; readonly size: number }
);

/**
 * The variables that a callback shares with the function around. They lie on the stack of that function while a helper calls the callback,
 * which gets the address: their values, which it reads when it begins and writes back when it ends; the addresses of records.
 *
 * What it changes lies there combined with a number that no verifier knows. Those before Linux 6.7 look at one call alone, take what that
 * leaves for what there is, and delete the code that they then find unreachable. Later ones follow call after call, until nothing new comes:
 * where a variable counts, that is never.
 */
export class SharedVariables {
  readonly #lowering: FunctionLowering;
  readonly #shared: readonly Shared[];
  /** Variables that are what the program is given. */
  readonly #contexts: readonly Local[];
  readonly #given: { readonly context: GivenContext; readonly offset: number } | undefined;
  readonly #hides: boolean;
  readonly #size: number;

  constructor(callback: FunctionTree, lowering: FunctionLowering) {
    this.#lowering = lowering;
    const captures = capturesOf(callback);
    let end = 0;
    const place = (): number => {
      end += UNIT;
      return end - UNIT;
    };
    const locals = [...captures.locals.keys()].filter(({ type }) => !isContext(type));
    this.#contexts = [...captures.locals.keys()].filter(({ type }) => isContext(type));
    this.#hides = locals.some((local) => this.#mayChange(local, captures));
    // The number that others are combined with comes first.
    if (this.#hides) place();
    const { given } = lowering;
    const needsGiven =
      captures.context ||
      (captures.text && lowering.writesText) ||
      this.#contexts.length > 0 ||
      locals.some((local) => lowering.liesInPacket(local));
    this.#given = given !== undefined && needsGiven ? { context: given, offset: place() } : undefined;
    this.#shared = locals.map((local) => this.#plan(local, captures, place()));
    this.#size = end;
  }

  #mayChange(local: Local, { assignments }: Captures): boolean {
    const binding = this.#lowering.binding(local);
    return assignments.has(local) || (binding.kind === "place" && isOnStack(binding.place));
  }

  #plan(local: Local, { assignments }: Captures, offset: number): Shared {
    const binding = this.#lowering.binding(local);
    const { type } = local;
    if (binding.kind === "place") {
      if (binding.place.kind === "fields") throw new Error(`${local.name} is shared and lies in no memory`);
      const size = type.kind === "record" || type.kind === "array" ? type.layout.size : 0;
      return { kind: "record", local, offset, place: binding.place, size };
    }
    const { variable } = binding;
    if (!assignments.has(local)) return { kind: "copied", local, offset, variable };
    return { kind: "changed", local, offset, variable, type: isScalar(type) ? type : u8 };
  }

  /** In the callback: gives its variables their values. */
  open(memory: Value, inner: FunctionLowering): void {
    const { builder } = inner;
    if (this.#given !== undefined) {
      const value = builder.load(64, memory, this.#given.offset);
      inner.useContext(value, this.#given.context.kind);
    }
    for (const local of this.#contexts) bindValue(local, inner.context, inner);
    for (const shared of this.#shared) {
      const { local, offset } = shared;
      switch (shared.kind) {
        case "changed":
          bindValue(local, this.#read(shared, memory, builder), inner);
          break;
        case "copied": {
          const value = builder.load(64, memory, offset);
          bindValue(local, shared.variable.width === 64 ? value : builder.truncate(value, 32), inner);
          break;
        }
        case "record":
          inner.bind(local, {
            kind: "place",
            place: atAddress(shared.place, builder.load(64, memory, offset)),
          });
      }
      const binding = inner.binding(local);
      if (binding.kind === "variable" && this.#lowering.liesInPacket(local))
        inner.packetVariables.add(binding.variable);
    }
  }

  /** At the callback's end: writes back what it may have changed. */
  giveBack(memory: Value, inner: FunctionLowering): void {
    for (const shared of this.#shared) {
      if (shared.kind !== "changed") continue;
      const binding = inner.binding(shared.local);
      if (binding.kind !== "variable") throw new Error(`${shared.local.name} is no variable`);
      this.#write(shared, memory, inner.builder.read(binding.variable), inner.builder);
    }
  }

  /** In the function around: the address of the memory, filled; undefined when nothing is shared. */
  give(): Value | undefined {
    if (this.#size === 0) return undefined;
    const { builder } = this.#lowering;
    const memory = builder.stackSlot(this.#size, UNIT);
    // Hardly anything costs less and is a number that no verifier knows.
    if (this.#hides) builder.store(64, memory, 0, builder.callHelper(helperNumber("bpf_jiffies64"), []));
    if (this.#given !== undefined) builder.store(64, memory, this.#given.offset, this.#given.context.value);
    for (const shared of this.#shared) {
      if (shared.kind === "record") {
        this.#hideRecord(shared, memory);
        builder.store(64, memory, shared.offset, this.#lowering.address(shared.place));
      } else if (shared.kind === "copied") builder.store(64, memory, shared.offset, builder.read(shared.variable));
      else this.#write(shared, memory, builder.read(shared.variable), builder);
    }
    return memory;
  }

  /** After the helper's call: reads what the callback has written. */
  takeBack(memory: Value): void {
    const { builder } = this.#lowering;
    for (const shared of this.#shared) {
      if (shared.kind === "record") this.#hideRecord(shared, memory);
      else if (shared.kind === "changed") builder.write(shared.variable, this.#read(shared, memory, builder));
    }
  }

  #read({ type, offset }: Shared & { readonly kind: "changed" }, memory: Value, builder: FunctionBuilder): Value {
    const value = this.#combined(type.bits, builder.load(type.bits, memory, offset), memory, builder);
    return type.signed && type.bits < 32 ? builder.signExtend(value, type.bits === 8 ? 8 : 16, 32) : value;
  }

  #write(
    { type, offset }: Shared & { readonly kind: "changed" },
    memory: Value,
    value: Value,
    builder: FunctionBuilder,
  ): void {
    builder.store(type.bits, memory, offset, this.#combined(type.bits, value, memory, builder));
  }

  /** A value and the unknown number, or, of those, the value. */
  #combined(bits: Width, value: Value, memory: Value, builder: FunctionBuilder): Value {
    return builder.binary("xor", bits === 64 ? 64 : 32, value, builder.load(bits, memory, 0));
  }

  /** Makes verifiers forget what they know of a record on the stack: it is combined twice, and they do not see that it is the same. */
  #hideRecord({ place, size }: Shared & { readonly kind: "record" }, memory: Value): void {
    if (!isOnStack(place)) return;
    const { builder } = this.#lowering;
    for (const { at, width } of widestAccesses(0, size, place)) {
      const from = place.offset + at;
      for (let time = 0; time < 2; time++) {
        const value = builder.load(width, place.address, from, { volatile: true });
        builder.store(width, place.address, from, this.#combined(width, value, memory, builder));
      }
    }
  }
}

/** The same place where its address is at hand, and that of what it is a part of is not. */
const atAddress = (place: MemoryPlace, address: Value): MemoryPlace => ({
  ...place,
  address,
  offset: 0,
  alignment: alignmentOf(place),
});
