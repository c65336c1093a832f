import { type FunctionCode, functionsFor, type ObjectSpec, withFunctions } from "@weir/bytecode";
import { type FunctionBuilder, ModuleBuilder, PASS_NAMES, type PassName } from "@weir/codegen";
import { leavesOf } from "@weir/pcap-filter/meaning";
import { AROUND } from "./around.ts";
import { IN_CHAIN } from "./frame-reader.ts";
import type { MatchedRule } from "./matched-rule.ts";
import { ACT, ACT_IN_TIME, RulesWriter } from "./rules-writer.ts";
import { SET_ARGUMENTS, type SetPart, setCode, setMap, setMapSpec } from "./set-code.ts";
import { setFunction } from "./write-test.ts";

/** The name of the function that finds the rules which match. */
export const DECIDE = "decide";

/** What is called for rules that do not decide, or not at all times. */
const ACTS = [ACT, ACT_IN_TIME] as const;

/**
 * The function that finds the rules which match a frame, in a module where something stands for what it calls: {@link ACTS}, a function for
 * chains of headers, and one for each set, which give 0.
 *
 * @param rules in their order
 * @param act   writes the body of {@link ACTS}, which give 0 unless told otherwise
 */
export function rulesModule(
  rules: readonly MatchedRule[],
  vlan: "exact" | "through",
  act: (builder: FunctionBuilder) => void = giveZero,
): ModuleBuilder {
  const module = new ModuleBuilder();
  new RulesWriter(module, DECIDE, rules, vlan).write();
  for (const name of ACTS) act(module.function(name, { parameters: 3, position: AROUND }));
  giveZero(module.function(IN_CHAIN, { parameters: 4, position: AROUND }));
  for (const part of setParts(rules)) {
    giveZero(module.function(setFunction(part), { parameters: SET_ARGUMENTS[part.of], position: AROUND }));
  }
  return module;
}

function giveZero(builder: FunctionBuilder): void {
  builder.return(builder.constant(64, 0n));
}

/** What rules are put into. */
export interface RulesTarget {
  /** Has a program that calls {@link DECIDE} and {@link ACTS}, which are functions of its own. */
  readonly object: ObjectSpec;
  /** The program's name. */
  readonly program: string;
  readonly vlan: "exact" | "through";
  /** The object of named sets, `setsObject()` of `@weir/programs`; needed where rules ask sets. */
  readonly sets?: ObjectSpec;
}

/**
 * An object whose program finds the rules that a frame matches. For what they ask of sets it has maps, which {@link setMap} names.
 *
 * @example
 * ```ts
 * const rules = [{ meaning: new Filter("udp and dst port 53").meaning, decides: true }];
 * withRules({ object: filterObject(), program: "xdp_packet_monitor", vlan: "exact" }, rules);
 * ```
 * @param rules in their order
 */
export function withRules({ object, program, vlan, sets }: RulesTarget, rules: readonly MatchedRule[]): ObjectSpec {
  // Without those that a call leaves as they are, it can be a part of the program.
  const made = rulesModule(rules, vlan).build(DECIDE, { without: WITHOUT, registers: FREE_REGISTERS });
  const parts = setParts(rules);
  const stubs = new Set<string>([...ACTS, IN_CHAIN, ...parts.map(setFunction)]);
  const decided = functionsFor(object, made);
  const functions = decided.functions.filter(({ name }) => !stubs.has(name));
  let target = decided.object;
  const maps = new Map(target.maps);
  const inlined: InlinedFunctions = { called: [], asked: [] };
  for (const part of parts) {
    if (sets === undefined) throw new TypeError(`the rules ask @${part.set}, and no object of sets was given`);
    const added = functionsFor(target, setCode(part, sets));
    target = added.object;
    chooseInlined(added.functions, functions, parts.length, inlined);
    functions.push(...added.functions);
    maps.set(setMap(part), setMapSpec(part, sets));
  }
  return withFunctions({ ...target, maps }, program, functions, [inlined.called, inlined.asked, [DECIDE]]);
}

/** Functions of sets that become parts of what calls them. */
interface InlinedFunctions {
  /** Those that the function calls that is asked. */
  readonly called: string[];
  /** Those that are asked. */
  readonly asked: string[];
}

/** Instructions that the calls of what is asked first of a set may become. */
const MOST_INLINED = 1000;
/** Instructions that the calls of all functions of all sets may become: they have loops, and the verifier goes through them each time. */
const MOST_WHOLE = 2000;

/** As much of a set's functions as stays small becomes a part of what asks the set. */
function chooseInlined(
  [asked, ...called]: readonly FunctionCode[],
  callers: readonly FunctionCode[],
  parts: number,
  inlined: InlinedFunctions,
): void {
  if (asked === undefined) return;
  const uses = callers.flatMap((caller) => [...caller.uses.values()]).filter((name) => name === asked.name);
  const size = called.reduce((sum, { instructions }) => sum + instructions.length, asked.instructions.length);
  const isWhole = size * uses.length * parts <= MOST_WHOLE;
  const isAsked = asked.instructions.length * uses.length <= MOST_INLINED;
  if (isWhole || isAsked) inlined.asked.push(asked.name);
  // Where what is asked stays a function, one call is enough all the same.
  if (isWhole || !isAsked) inlined.called.push(...called.map(({ name }) => name));
}

/** All that rules ask of sets, each once. */
export function setParts(rules: readonly Pick<MatchedRule, "meaning">[]): readonly SetPart[] {
  const parts = new Map<string, SetPart>();
  for (const { meaning } of rules) {
    for (const leaf of leavesOf(meaning)) {
      if (leaf.kind === "member") parts.set(setFunction(leaf), { set: leaf.set, of: leaf.of });
    }
  }
  return [...parts.values()];
}

/** r0 to r5. */
const FREE_REGISTERS = 6;
/** Passes over code that is not made for them take long and gain nothing: each value is loaded where it is needed. */
const KEPT: ReadonlySet<PassName> = new Set(["join-moves", "thread-jumps", "dead-code", "share-slots"]);
const WITHOUT = PASS_NAMES.filter((name) => !KEPT.has(name));
