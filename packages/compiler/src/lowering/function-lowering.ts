import type { Layout } from "@weir/bytecode/layout";
import type { Block, FunctionBuilder, InlinedCall, Value, Variable } from "@weir/codegen";
import { Mistake } from "../diagnostics/mistake.ts";
import type { Span } from "../source-file.ts";
import type { CallNode } from "../tree/call.ts";
import type { Expression } from "../tree/expression.ts";
import type { Local } from "../tree/local.ts";
import type { Statement } from "../tree/statement.ts";
import { type ContextLayout, contextLayouts } from "../types/context-layout.ts";
import type { ContextKind, KernelType } from "../types/kernel-type.ts";
import { inlineCall } from "./call.ts";
import { lowerCondition } from "./condition.ts";
import { lowerExpression } from "./expression.ts";
import { isInPacket } from "./in-packet.ts";
import { JumpBlocks } from "./jump-blocks.ts";
import type { Lowered } from "./lowered.ts";
import { newSlot } from "./memory.ts";
import type { ModuleLowering } from "./module-lowering.ts";
import { lowerNullable, type NullableBranch } from "./nullable.ts";
import { at, type MemoryPlace, type RecordPlace } from "./place.ts";
import { Positions } from "./positions.ts";
import { copyRecord } from "./record.ts";
import type { ReturnTarget } from "./return-target.ts";
import { lowerStatement } from "./statement.ts";

/** What a variable of the program is in the code. */
export type Binding =
  | { readonly kind: "variable"; readonly variable: Variable }
  | { readonly kind: "place"; readonly place: RecordPlace };

/** What the kernel gave the program, and which of those that have fields it is. */
export interface GivenContext {
  readonly value: Value;
  readonly kind: ContextKind | undefined;
}

interface PacketPointers {
  readonly data: Value;
  readonly end: Value;
}

/** Where the two pointers are kept in a program that moves its packet: each way has its own. */
interface MovingPacket {
  readonly data: Variable;
  readonly end: Variable;
}

/** What is known while one function, with all that is called within it, becomes code. */
export class FunctionLowering {
  readonly module: ModuleLowering;
  readonly name: string;
  readonly builder: FunctionBuilder;
  readonly jumps = new JumpBlocks();
  #context: GivenContext | undefined;
  #packet: PacketPointers | undefined;
  #moving: MovingPacket | undefined;
  /** Structures of the kernel are read by a helper: the verifier knows nothing of their addresses. */
  probesKernel = false;
  /** What it prints is the text that an iterator gives: it is given where that goes. */
  writesText = false;
  /** What the function gives when it gives nothing. */
  silent = 0n;
  /** Where a `return` goes; undefined: out of the function. */
  returnTarget: ReturnTarget | undefined;
  /** Two ways on that are open, one with a record and one with null, until the next test decides between them. */
  pending: NullableBranch | undefined;
  readonly #bindings = new Map<Local, Binding>();
  /** Those that hold addresses of records in the packet. */
  readonly packetVariables = new Set<Variable>();
  /** Gives a record in the packet to what calls it. */
  givesPacket = false;
  /** Of the function whose body is lowered: one that is inlined twice has two. */
  #positions = new Positions(undefined);

  constructor(module: ModuleLowering, name: string, builder: FunctionBuilder) {
    this.module = module;
    this.name = name;
    this.builder = builder;
  }

  /** The function is given what the kernel gives the program; `moves` when it may move the packet that is in there. */
  useContext(value: Value, kind: ContextKind | undefined, moves = false): void {
    this.#context = { value, kind };
    if (this.#layout?.packet === undefined) return;
    this.#packet = this.#pointers();
    if (!moves) return;
    this.#moving = { data: this.builder.variable(64), end: this.builder.variable(64) };
    this.#writePointers(this.#packet);
  }

  /** What the program is given, where this function is given it too. */
  get given(): GivenContext | undefined {
    return this.#context;
  }

  /** What the kernel gave the program. */
  get context(): Value {
    if (this.#context === undefined) throw new Error("this function is not given what the program is");
    return this.#context.value;
  }

  /** The same for a call at `span`, which may stand in a subprogram that is not given it. */
  contextFor(span: Span): Value {
    if (this.#context === undefined) throw new Mistake("WEIR1716", span);
    return this.#context.value;
  }

  /** Where what is in what the kernel gave. */
  get #layout(): ContextLayout | undefined {
    const kind = this.#context?.kind;
    return kind && contextLayouts[kind];
  }

  /** The structure that the kernel itself has in the place of what it gave the program; undefined where that has no fields. */
  get contextInKernel(): string | undefined {
    return this.#layout?.inKernel;
  }

  /** Where the packet's metadata begin: they end where the packet begins. */
  get packetMeta(): Value {
    const { packet } = this.#layout ?? {};
    if (packet === undefined) throw new Error("this function is not given the packet");
    return this.#pointer(packet.meta);
  }

  get packet(): PacketPointers {
    if (this.#packet === undefined) throw new Error("this function is not given the packet");
    if (this.#moving === undefined) return this.#packet;
    const { data, end } = this.#moving;
    return { data: this.builder.read(data), end: this.builder.read(end) };
  }

  /** A program itself, not a function that it calls. */
  isProgram = false;

  /** Whether the packet may be moved here: {@link packetMoved}. */
  get mayMovePacket(): boolean {
    return this.#moving !== undefined;
  }

  /** The packet's bytes are elsewhere now. */
  packetMoved(): void {
    this.#writePointers(this.#pointers());
  }

  /** Where nothing needs them they are removed again. */
  #pointers(): PacketPointers {
    const { packet } = this.#layout ?? {};
    if (packet === undefined) throw new Error("this function is not given the packet");
    return { data: this.#pointer(packet.data), end: this.#pointer(packet.end) };
  }

  /** The verifier makes a pointer of such a 32-bit load. */
  #pointer(offset: number): Value {
    const { builder } = this;
    return builder.zeroExtend(builder.load(32, this.context, offset, { packet: true }), 32, 64);
  }

  #writePointers({ data, end }: PacketPointers): void {
    if (this.#moving === undefined) throw new Error("this function does not move the packet");
    this.builder.write(this.#moving.data, data);
    this.builder.write(this.#moving.end, end);
  }

  bind(local: Local, binding: Binding): void {
    this.#bindings.set(local, binding);
  }

  binding(local: Local): Binding {
    const binding = this.#bindings.get(local);
    if (binding === undefined) throw new Error(`${local.name} is used before it is declared`);
    return binding;
  }

  /** Whether an address that a variable of the program holds may lie in the packet. */
  liesInPacket(local: Local): boolean {
    const binding = this.#bindings.get(local);
    if (binding?.kind === "variable") return this.packetVariables.has(binding.variable);
    return binding?.place.kind === "memory" && binding.place.inPacket === true;
  }

  /** What `work` makes is said to come from `span`. */
  at<T>(span: Span, work: () => T): T {
    const { position: before } = this.builder;
    this.builder.position = this.#positions.of(span);
    const result = work();
    this.builder.position = before;
    return result;
  }

  statement(node: Statement): void {
    this.at(node.span, () => lowerStatement(node, this));
  }

  expression(node: Expression): Lowered {
    return this.at(node.span, () => lowerExpression(node, this));
  }

  /** Goes to one block or the other, as a condition says. */
  condition(node: Expression, whenTrue: Block, whenFalse: Block): void {
    lowerCondition(node, whenTrue, whenFalse, this);
  }

  /** Gives a variable a record or null, and goes to one block or the other. */
  nullable(node: Expression, variable: Variable, notNull: Block, isNull: Block): void {
    lowerNullable(node, variable, notNull, isNull, this);
  }

  /** Makes a called function part of this one. */
  inline(node: CallNode, target: ReturnTarget): void {
    inlineCall(node, target, this);
  }

  /** What `work` makes is said to come from the function that `node` calls, by this call. */
  within(node: CallNode, work: () => void): void {
    const { position } = this.builder;
    const positions = this.#positions;
    const inlined: InlinedCall = { function: node.function.name, call: positions.of(node.span) };
    this.#positions = new Positions(inlined);
    work();
    this.#positions = positions;
    this.builder.position = position;
  }

  /** An expression whose value fits in a register: a scalar, a boolean, the address of a record, or 0 for null. */
  value(node: Expression): Value {
    const result = this.expression(node);
    if (result.kind === "value") return result.value;
    if (result.kind === "nothing") throw new Error(`${node.kind} has no value`);
    return this.address(result.place);
  }

  /** A record or an array that is not null. */
  place(node: Expression): RecordPlace {
    const result = this.expression(node);
    if (result.kind === "nothing") throw new Error(`${node.kind} is no record`);
    if (result.kind === "place") return result.place;
    return isInPacket(node, this) ? { ...at(result.value), inPacket: true } : at(result.value);
  }

  /** The address of a record or array, which a helper may read: one that is not in memory, or where helpers do not read, is written there first. */
  pointer(place: RecordPlace, type: KernelType): Value {
    const isReadable = place.kind === "memory" && place.inContext !== true;
    if (isReadable || (type.kind !== "record" && type.kind !== "array")) return this.address(place);
    return this.address(this.materialise(place, type.layout));
  }

  /** A copy on the stack. */
  materialise(place: RecordPlace, layout: Layout): MemoryPlace {
    const slot = newSlot(this.builder, layout);
    copyRecord(layout, place, slot, this);
    return slot;
  }

  address(place: RecordPlace): Value {
    if (place.kind === "fields") throw new Error("a record in variables has no address");
    const { address, offset } = place;
    if (offset === 0) return address;
    return this.builder.binary("add", 64, address, this.builder.constant(64, BigInt(offset)));
  }

  /** Seals a block to which all jumps have been made, and goes on there. */
  continueAt(block: Block): void {
    this.builder.seal(block);
    this.builder.enter(block);
  }
}
