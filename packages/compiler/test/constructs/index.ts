import { basics } from "./basics.ts";
import { callbacks } from "./callbacks.ts";
import type { Construct } from "./construct.ts";
import { division } from "./division.ts";
import { functions } from "./functions.ts";
import { globalVariables, tables } from "./global-variables.ts";
import { indices } from "./indices.ts";
import { loops } from "./loops.ts";
import { optimised } from "./optimised.ts";
import { nullable, records } from "./records.ts";
import { tailCalls } from "./tail-calls.ts";

/** All constructs, by what they are about. */
export const constructs: readonly (readonly [topic: string, constructs: readonly Construct[]])[] = [
  ["basics", basics],
  ["division", division],
  ["global variables", globalVariables],
  ["tables", tables],
  ["loops", loops],
  ["indices", indices],
  ["records", records],
  ["what may be null", nullable],
  ["functions", functions],
  ["callbacks", callbacks],
  ["tail calls", tailCalls],
  ["what passes leave alone", optimised],
];
