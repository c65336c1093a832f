import type { Layout, StructLayout } from "@weir/bytecode/layout";
import { type FunctionBuilder, ModuleBuilder, type Value } from "@weir/codegen";
import type { GlobalDeclaration, MapDeclaration } from "../constants/constant.ts";
import { Mistake } from "../diagnostics/mistake.ts";
import type { KernelTypes } from "../object/kernel-types.ts";
import type { FunctionTree } from "../tree/function.ts";
import type { GlobalSection } from "../tree/global-section.ts";
import type { FileTree, ProgramTree } from "../tree/program.ts";
import { isContext, isScalar } from "../types/kernel-type.ts";
import { sameLayout } from "../types/same-layout.ts";
import { u64 } from "../types/scalar.ts";
import { bindValue } from "./call.ts";
import type { CallbackForm } from "./callback.ts";
import type { CalledForm } from "./called-form.ts";
import { convertValue } from "./convert.ts";
import { FunctionLowering } from "./function-lowering.ts";
import { bindGiven } from "./given.ts";
import { movesPacket } from "./moves-packet.ts";
import { at, type RecordPlace } from "./place.ts";
import { Positions } from "./positions.ts";
import { hasArray } from "./scalar-layout.ts";
import { viewedLayouts } from "./viewed-layouts.ts";

/** The functions of a file as code that is still to be optimised. */
export class ModuleLowering {
  readonly builder = new ModuleBuilder();
  readonly #subprograms = new Map<string, FunctionTree>();
  /** The forms of each function of its own that calls have needed. */
  readonly #forms = new Map<FunctionTree, readonly { readonly tree: FunctionTree; readonly form: CalledForm }[]>();
  readonly #givePacket = new Set<FunctionTree>();
  readonly #callbacks = new Map<string, CallbackForm>();
  readonly #programs: string[] = [];
  readonly #viewed = new Set<Layout>();
  readonly #records = new Map<MapDeclaration, Set<StructLayout>>();
  readonly #globals: ReadonlyMap<GlobalDeclaration, { readonly section: GlobalSection; readonly offset: number }>;

  readonly kernelTypes: KernelTypes;

  /** Indices that the verifier has to be shown to be inside. */
  readonly unseenIndices: FileTree["unseenIndices"];
  /** Turns that it has to be shown to be no later than the last one. */
  readonly unseenTurns: FileTree["unseenTurns"];

  constructor({ globals, unseenIndices, unseenTurns }: FileTree, kernelTypes: KernelTypes) {
    this.kernelTypes = kernelTypes;
    this.unseenIndices = unseenIndices;
    this.unseenTurns = unseenTurns;
    this.#globals = new Map(
      globals.flatMap((section) =>
        section.variables.map(({ global, offset }) => [global, { section, offset }] as const),
      ),
    );
  }

  /** The names of all functions that became code. */
  get functions(): readonly string[] {
    return [...this.#programs, ...this.#subprograms.keys()];
  }

  /** Functions of their own, by name. */
  get subprograms(): ReadonlyMap<string, FunctionTree> {
    return this.#subprograms;
  }

  /** How the kernel calls the function of a name, if it is one that it calls back. */
  callbackForm(name: string): CallbackForm | undefined {
    return this.#callbacks.get(name);
  }

  program({ name, kind, body }: ProgramTree): void {
    for (const layout of viewedLayouts(body)) this.#viewed.add(layout);
    this.#programs.push(name);
    const builder = this.builder.function(name, { parameters: 1, position: new Positions(undefined).of(body.span) });
    const lowering = new FunctionLowering(this, name, builder);
    lowering.isProgram = true;
    lowering.silent = kind.silent;
    lowering.probesKernel = kind.type === "raw-tracepoint";
    lowering.writesText = kind.type === "iterator";
    bindGiven(kind, body, movesPacket(body), lowering);
    lowering.statement(body.body);
    if (body.returnType.kind === "void") builder.return(builder.constant(64, kind.silent));
  }

  /** The records that programs give to user space, by the maps that carry them. */
  get records(): ReadonlyMap<MapDeclaration, ReadonlySet<StructLayout>> {
    return this.#records;
  }

  noteRecord(map: MapDeclaration, layout: StructLayout): void {
    const known = this.#records.get(map);
    if (known === undefined) this.#records.set(map, new Set([layout]));
    else known.add(layout);
  }

  /** Whether a record with this layout must lie in memory: something takes its address, or that of a part, or indexes into it. */
  inMemory(layout: Layout): boolean {
    return hasArray(layout) || this.#isViewed(layout);
  }

  #isViewed(layout: Layout): boolean {
    // A record may have gone by the name of another layout that has the same fields.
    if ([...this.#viewed].some((viewed) => sameLayout(viewed, layout))) return true;
    return layout.kind === "struct" && layout.fields.some((field) => this.#isViewed(field.layout));
  }

  /** All variables of a section share one address, so that a program that uses several loads it once. */
  globalPlace(global: GlobalDeclaration, builder: FunctionBuilder): RecordPlace {
    const known = this.#globals.get(global);
    if (known === undefined) throw new Error(`the global variable ${global.name} lies nowhere`);
    return { kind: "memory", address: builder.mapValueAddress(known.section.name), offset: known.offset };
  }

  /**
   * A new function for a callback. The same text may become several, where what it shares with the function around lies in different
   * places.
   *
   * @param around the name of the function around
   */
  callback(tree: FunctionTree, around: string, form: CallbackForm): FunctionLowering {
    const name = this.#freeName(`${around}_${tree.name}`);
    this.#subprograms.set(name, Object.freeze({ ...tree, name }));
    this.#callbacks.set(name, form);
    const position = new Positions(undefined).of(tree.span);
    const builder = this.builder.function(name, { parameters: form.arguments, position });
    return new FunctionLowering(this, name, builder);
  }

  /** Whether a function of its own gives a record in the packet, as far as calls of it have become code. */
  givesPacket(tree: FunctionTree): boolean {
    return this.#givePacket.has(tree);
  }

  /** The function of its own that a call needs. */
  subprogram(form: CalledForm): FunctionTree {
    const forms = this.#forms.get(form.of) ?? [];
    const known = forms.find((one) => isSameForm(one.form, form));
    if (known !== undefined) return known.tree;
    const tree = Object.freeze({ ...form.of, name: this.#nameOf(form.of, forms), parameters: form.parameters });
    this.#forms.set(form.of, [...forms, { tree, form }]);
    this.#subprograms.set(tree.name, tree);
    const builder = this.builder.function(tree.name, {
      parameters: tree.parameters.length,
      position: new Positions(undefined).of(tree.span),
    });
    const lowering = new FunctionLowering(this, tree.name, builder);
    for (const [index, parameter] of tree.parameters.entries()) {
      const given = builder.parameter(index);
      const { type } = parameter;
      if (isContext(type)) lowering.useContext(given, type.kind, movesPacket(tree));
      if (tree.linkage === "global" && type.kind === "record" && !type.nullable) refuseNull(given, builder);
      const inPacket = form.inPacket.has(parameter);
      if (type.kind === "record" && !type.nullable)
        lowering.bind(parameter, {
          kind: "place",
          place: { ...at(given), inPacket, alignment: form.onStack.get(parameter) },
        });
      // How narrow it is the verifier does not know, which looks at a global function for itself.
      else if (tree.linkage === "global" && isScalar(type))
        bindValue(parameter, convertValue(given, u64, type, lowering), lowering);
      else if (isScalar(type) ? type.bits < 64 : type.kind === "boolean")
        bindValue(parameter, builder.truncate(given, 32), lowering);
      else bindValue(parameter, given, lowering, inPacket);
    }
    lowering.statement(tree.body);
    if (tree.returnType.kind === "void") builder.return(builder.constant(64, 0n));
    if (lowering.givesPacket) this.#givePacket.add(form.of);
    return tree;
  }

  /** Its own, for the first form of a function. */
  #nameOf({ name, span }: FunctionTree, forms: readonly unknown[]): string {
    if (forms.length > 0) return this.#freeName(name);
    if (this.#subprograms.has(name)) throw new Mistake("WEIR1205", span, "subprograms", name);
    return name;
  }

  #freeName(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.#subprograms.has(name); count++) name = `${wanted}_${count}`;
    return name;
  }
}

const isSameForm = (one: CalledForm, other: CalledForm): boolean =>
  one.inPacket.size === other.inPacket.size &&
  [...one.inPacket].every((local) => other.inPacket.has(local)) &&
  one.onStack.size === other.onStack.size &&
  [...one.onStack].every(([local, alignment]) => other.onStack.get(local) === alignment);

/** The verifier, which looks at a global function for itself, thinks that a record may be null whoever calls it. */
function refuseNull(record: Value, builder: FunctionBuilder): void {
  const [isNull, notNull] = [builder.block(), builder.block()];
  const none = builder.constant(64, 0n);
  builder.branch("eq", 64, record, none, isNull, notNull);
  builder.seal(isNull);
  builder.enter(isNull);
  builder.return(none);
  builder.seal(notNull);
  builder.enter(notNull);
}
