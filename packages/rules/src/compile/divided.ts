import { leavesOf, type Read } from "@weir/pcap-filter/meaning";
import type { Alternative } from "./alternative.ts";
import { alternativesOf } from "./alternatives-of.ts";
import { eachRead, numbersOf } from "./field.ts";
import { LINK_END } from "./frame-facts.ts";
import type { NumberedRule } from "./matched-rule.ts";
import type { Situation } from "./situation.ts";

/** Rules whose answer is the same for all frames of a situation, whatever is told by some reads, and the others. */
export function divided(
  rules: readonly NumberedRule[],
  situation: Situation,
  isSpecial: (read: Read) => boolean,
): readonly [common: readonly NumberedRule[], special: readonly NumberedRule[]] {
  const common: NumberedRule[] = [];
  const special: NumberedRule[] = [];
  for (const rule of rules) {
    const alternatives = alternativesOf(rule.meaning, situation);
    (alternatives.some((one) => asks(one, isSpecial)) ? special : common).push(rule);
  }
  return [common, special];
}

/** Whether an alternative asks for something by certain reads. */
function asks({ fields, tests }: Alternative, isSpecial: (read: Read) => boolean): boolean {
  for (const { field } of fields.values()) {
    const { place } = field;
    if (place === undefined) continue;
    const base = place.base === "link" ? "payload" : "frame";
    const at = place.at - (place.base === "link" ? LINK_END : 0);
    if (isSpecial({ kind: "read", bytes: place.bytes, base, at, behind: place.behind, index: undefined })) return true;
  }
  let found = false;
  for (const { predicate } of tests.values()) {
    for (const value of [...leavesOf(predicate)].flatMap(numbersOf)) {
      eachRead(value, (read) => {
        found ||= isSpecial(read);
      });
    }
  }
  return found;
}
