import type { Refusal } from "../refusal.ts";
import { callRefusals } from "./calls.ts";
import { contextRefusals } from "./context.ts";
import { flowRefusals } from "./flow.ts";
import { memoryRefusals } from "./memory.ts";
import { nullRefusals } from "./nulls.ts";
import { obligationRefusals } from "./obligations.ts";
import { packetRefusals } from "./packet.ts";
import { pointerRefusals } from "./pointers.ts";
import { registerRefusals } from "./registers.ts";
import { stackRefusals } from "./stack.ts";
import { timerRefusals } from "./timers.ts";

/** What the verifier is known to refuse. The first row that fits counts: the special ones come first. */
export const refusals: readonly Refusal[] = [
  ...nullRefusals,
  ...timerRefusals,
  ...packetRefusals,
  ...contextRefusals,
  ...memoryRefusals,
  ...stackRefusals,
  ...registerRefusals,
  ...pointerRefusals,
  ...obligationRefusals,
  ...flowRefusals,
  ...callRefusals,
];
