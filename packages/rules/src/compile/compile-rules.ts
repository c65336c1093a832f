import { functionsFor, type ObjectSpec, withFunctions } from "@weir/bytecode";
import { type FunctionBuilder, ModuleBuilder, PASS_NAMES, type PassName } from "@weir/codegen";
import { leavesOf, type MemberKind } from "@weir/pcap-filter/meaning";
import { AROUND } from "./around.ts";
import { ACT, type MatchedRule, RulesWriter } from "./rules-writer.ts";
import { type SetPart, setCode } from "./set-code.ts";
import { setFunction } from "./write-test.ts";

/** The name of the function that finds the rules which match. */
export const DECIDE = "decide";

/** So many arguments the function has that looks in a set. */
const SET_ARGUMENTS: Readonly<Record<MemberKind, number>> = { ipv4: 1, ipv6: 2, port: 1, mac: 1 };

/**
 * The function that finds the rules which match a frame, in a module where something stands for what it calls: {@link ACT}, and a function for
 * each set, which gives 0.
 *
 * @param rules in their order
 * @param act   writes the body of {@link ACT}, which gives 0 unless told otherwise
 */
export function rulesModule(
  rules: readonly MatchedRule[],
  vlan: "exact" | "through",
  act: (builder: FunctionBuilder) => void = giveZero,
): ModuleBuilder {
  const module = new ModuleBuilder();
  new RulesWriter(module, DECIDE, rules, vlan).write();
  act(module.function(ACT, { parameters: 3, position: AROUND }));
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
  /** Has a program that calls {@link DECIDE} and {@link ACT}, which are functions of its own. */
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
  const stubs = new Set([ACT, ...parts.map(setFunction)]);
  const decided = functionsFor(object, made);
  const functions = decided.functions.filter(({ name }) => !stubs.has(name));
  let target = decided.object;
  const maps = new Map(target.maps);
  for (const part of parts) {
    if (sets === undefined) throw new TypeError(`the rules ask @${part.set}, and no object of sets was given`);
    const { code, map } = setCode(part, sets);
    const added = functionsFor(target, code);
    target = added.object;
    functions.push(...added.functions);
    maps.set(map.name, map);
  }
  return withFunctions({ ...target, maps }, program, functions, DECIDE);
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
