import type { Member, Predicate } from "@weir/pcap-filter/meaning";

/** Calls back with all that an expression asks sets for. */
export function eachMember(predicate: Predicate, use: (member: Member) => void): void {
  switch (predicate.kind) {
    case "member":
      use(predicate);
      return;
    case "not":
      eachMember(predicate.operand, use);
      return;
    case "and":
      eachMember(predicate.left, use);
      eachMember(predicate.right, use);
      return;
    default:
  }
}
