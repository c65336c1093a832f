import type { Random } from "@weir/laboratory";
import { type Statement, VARIABLES, widthOf } from "./program.ts";

/** Two or three variables of one width that change places. */
export type Exchange = Extract<Statement, { kind: "exchange" }>;

/** All variables are chosen equally often, so that in a loop the phis of any two of them take each other's value. */
export function randomExchange(random: Random): Exchange {
  const first = random.below(VARIABLES);
  const others = Array.from({ length: VARIABLES }, (_, variable) => variable).filter(
    (variable) => variable !== first && widthOf(variable) === widthOf(first),
  );
  const variables = [first];
  for (let count = random.chance(70) ? 1 : 2; count > 0; count--) {
    variables.push(...others.splice(random.below(others.length), 1));
  }
  return { kind: "exchange", variables };
}
