import { functionsFor, type ObjectSpec, withFunctions } from "@weir/bytecode";
import { type FunctionBuilder, ModuleBuilder, PASS_NAMES, type PassName } from "@weir/codegen";
import type { MemberKind } from "@weir/pcap-filter/meaning";
import { AROUND } from "./around.ts";
import { eachMember } from "./each-member.ts";
import { ACT, type MatchedRule, RulesWriter } from "./rules-writer.ts";
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
  const sets = new Map<string, number>();
  for (const { meaning } of rules) {
    eachMember(meaning, (member) => sets.set(setFunction(member), SET_ARGUMENTS[member.of]));
  }
  for (const [name, parameters] of sets) giveZero(module.function(name, { parameters, position: AROUND }));
  return module;
}

function giveZero(builder: FunctionBuilder): void {
  builder.return(builder.constant(64, 0n));
}

/**
 * An object whose program finds the rules that a frame matches.
 *
 * @param object  with a program that calls {@link DECIDE} and {@link ACT}, which are functions of its own
 * @param program its name
 * @param rules   in their order
 */
export function withRules(
  object: ObjectSpec,
  program: string,
  rules: readonly MatchedRule[],
  vlan: "exact" | "through",
): ObjectSpec {
  // Without those that a call leaves as they are, it can be a part of the program.
  const code = rulesModule(rules, vlan).build(DECIDE, { without: WITHOUT, registers: FREE_REGISTERS });
  const { object: target, functions } = functionsFor(object, code);
  return withFunctions(
    target,
    program,
    functions.filter(({ name }) => name !== ACT),
    DECIDE,
  );
}

/** r0 to r5. */
const FREE_REGISTERS = 6;
/** Passes over code that is not made for them take long and gain nothing: each value is loaded where it is needed. */
const KEPT: ReadonlySet<PassName> = new Set(["join-moves", "thread-jumps", "dead-code", "share-slots"]);
const WITHOUT = PASS_NAMES.filter((name) => !KEPT.has(name));
