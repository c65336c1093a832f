import { type FunctionBuilder, ModuleBuilder } from "@weir/codegen";
import type { MemberKind } from "@weir/pcap-filter/meaning";
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
  act(module.function(ACT, { parameters: 3 }));
  const sets = new Map<string, number>();
  for (const { meaning } of rules) {
    eachMember(meaning, (member) => sets.set(setFunction(member), SET_ARGUMENTS[member.of]));
  }
  for (const [name, parameters] of sets) giveZero(module.function(name, { parameters }));
  return module;
}

function giveZero(builder: FunctionBuilder): void {
  builder.return(builder.constant(64, 0n));
}
