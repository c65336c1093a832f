import type { CallSyntax } from "../syntax/expression.ts";
import { byteOrderCalls } from "./byte-order.ts";
import type { Constant } from "./constant.ts";
import type { Constants } from "./constants.ts";
import { declarationCalls } from "./declaration-call.ts";
import { globalCalls } from "./global-variable.ts";
import { layoutCalls } from "./layout-call.ts";
import { mapCalls } from "./map-call.ts";

/** A call of a word of the language that may be evaluated while the program is compiled. */
export interface WordCall {
  readonly call: CallSyntax;
  /** The constant that the result is given to. */
  readonly name: string | undefined;
  readonly constants: Constants;
}

/** Undefined when the result is only known while the program runs. */
export type WordCallEvaluator = (word: WordCall) => Constant | undefined;

export const wordCalls: ReadonlyMap<string, WordCallEvaluator> = new Map([
  ...layoutCalls,
  ...mapCalls,
  ...globalCalls,
  ...declarationCalls,
  ...byteOrderCalls,
]);
