import type { Feature } from "../feature.ts";
import { branches } from "./branches.ts";
import { byteOrder } from "./byte-order.ts";
import { callbacks } from "./callbacks.ts";
import { conditions } from "./conditions.ts";
import { exchanges } from "./exchanges.ts";
import { functions } from "./functions.ts";
import { generics } from "./generics.ts";
import { globalVariables } from "./global-variables.ts";
import { iterations } from "./iteration.ts";
import { loops } from "./loops.ts";
import { maps } from "./maps.ts";
import { memory } from "./memory.ts";
import { numbers } from "./numbers.ts";
import { optional } from "./optional.ts";
import { packet } from "./packet.ts";
import { packetMoves } from "./packet-moves.ts";
import { patterns } from "./patterns.ts";
import { ranges } from "./ranges.ts";
import { recordFunctions } from "./record-functions.ts";
import { records } from "./records.ts";
import { surroundings } from "./surroundings.ts";
import { variables } from "./variables.ts";

/** All parts of the language that random programs use; in the order in which they declare. */
export const features: readonly Feature[] = [
  surroundings,
  numbers,
  byteOrder,
  conditions,
  ranges,
  variables,
  records,
  maps,
  globalVariables,
  memory,
  packet,
  packetMoves,
  branches,
  loops,
  exchanges,
  iterations,
  callbacks,
  patterns,
  recordFunctions,
  functions,
  optional,
  generics,
];
