import { ETHERNET_ARP, ETHERNET_IP, ETHERNET_IP6, type Predicate, type Read } from "@weir/pcap-filter/meaning";
import { type Alternative, covers } from "./alternative.ts";
import { alternativesOf } from "./alternatives-of.ts";
import { ARP_END, FrameFacts, IPV4_END, IPV6_END, LINK_END, PORTS, WITH_PORTS, WITHOUT_PORTS } from "./frame-facts.ts";
import { allOf, complement, fromTo, type Ranges, union } from "./ranges.ts";
import { type Situation, UNKNOWN_EXTENT } from "./situation.ts";

/** A rule that other rules may leave nothing of. */
export interface ShadowedRule {
  readonly meaning: Predicate;
  /** Whether it decides about every frame that it matches, at all times. */
  readonly decides: boolean;
}

/** More rules are not compared with each other: it takes longer than applying them. */
const MOST = 1000;

/**
 * For each rule the earlier ones that decide about all frames that it could match; none where some frame may be left for it, "all" where there is none
 * from the beginning. It finds what the ranges of fields tell, one way to match at a time: not that two rules together leave nothing of a third.
 */
export function shadowing(
  rules: readonly ShadowedRule[],
  vlan: "exact" | "through",
): readonly (readonly number[] | "all")[] {
  if (rules.length > MOST) return rules.map(() => []);
  const situations = ordinaryFrames(vlan === "through" ? "payload" : "frame");
  const found = rules.map(() => new Set<number>());
  const possible = new Set<number>();
  const open = new Set(rules.keys());
  for (const situation of situations) {
    const deciding: { readonly rule: number; readonly way: Alternative }[] = [];
    for (const [rule, { meaning, decides }] of rules.entries()) {
      const ways = alternativesOf(meaning, situation);
      if (ways.length > 0) possible.add(rule);
      for (const way of ways) {
        const by = open.has(rule) ? deciding.find((other) => covers(other.way, way)) : undefined;
        if (by === undefined) open.delete(rule);
        else found[rule]?.add(by.rule);
      }
      if (decides) deciding.push(...ways.map((way) => ({ rule, way })));
    }
  }
  return found.map((by, rule) => {
    if (!possible.has(rule)) return "all";
    return open.has(rule) ? [...by].sort((one, other) => one - other) : [];
  });
}

/** What is known of frames that are whole as far as their headers go. */
function ordinaryFrames(base: Read["base"]): readonly Situation[] {
  const facts = new FrameFacts(base);
  const known = (
    end: number,
    fields: readonly (readonly [string, Ranges])[],
    ports = 0,
    isLater?: boolean,
  ): Situation => {
    const link = { readable: end, missing: UNKNOWN_EXTENT.missing };
    return {
      frame: base === "frame" ? link : { readable: LINK_END, missing: UNKNOWN_EXTENT.missing },
      link,
      transport: { readable: ports, missing: UNKNOWN_EXTENT.missing },
      fields: new Map(fields),
      tests: new Map(isLater === undefined ? [] : [[facts.isLaterFragment, isLater]]),
    };
  };
  const type = (number: number) => [facts.type.key, fromTo(number, number)] as const;
  const named = [ETHERNET_IP, ETHERNET_IP6, ETHERNET_ARP].reduce<Ranges>(
    (all, one) => union(all, fromTo(one, one)),
    [],
  );
  return [
    known(IPV4_END, [type(ETHERNET_IP), [facts.ipv4Protocol.key, WITH_PORTS]], PORTS, false),
    known(IPV4_END, [type(ETHERNET_IP), [facts.ipv4Protocol.key, WITH_PORTS]], 0, true),
    known(IPV4_END, [type(ETHERNET_IP), [facts.ipv4Protocol.key, WITHOUT_PORTS]]),
    known(IPV6_END + PORTS, [type(ETHERNET_IP6), [facts.ipv6Next.key, WITH_PORTS]]),
    known(IPV6_END, [type(ETHERNET_IP6), [facts.ipv6Next.key, WITHOUT_PORTS]]),
    known(ARP_END, [type(ETHERNET_ARP)]),
    known(LINK_END, [[facts.type.key, allOf(16).flatMap((all) => complement(named, all))]]),
  ];
}
