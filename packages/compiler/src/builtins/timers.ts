import { type HelperName, helperNumber } from "@weir/bytecode";
import { timer } from "@weir/bytecode/layout";
import type { Value } from "@weir/codegen";
import { Mistake } from "../diagnostics/mistake.ts";
import { onlyInKernel } from "../interpreter/kernel-only-error.ts";
import { type CallbackForm, lowerCallback } from "../lowering/callback.ts";
import type { FunctionLowering } from "../lowering/function-lowering.ts";
import { type Lowered, lowered } from "../lowering/lowered.ts";
import type { BuiltinNode } from "../tree/call.ts";
import type { Expression } from "../tree/expression.ts";
import { recordType, typeOfLayout } from "../types/kernel-type.ts";
import { sameLayout } from "../types/same-layout.ts";
import { i32, u32, u64 } from "../types/scalar.ts";
import { typeCallback } from "../typing/callback.ts";
import type { Typing } from "../typing/typing.ts";
import { argument, optionalArgument, ownedArgument } from "./arguments.ts";
import type { Builtin, BuiltinCall } from "./builtin.ts";
import { callMap, mapOf, recordOf } from "./maps/map-of.ts";
import { nth } from "./nth.ts";

const CLOCK_MONOTONIC = 1n;

/** The map comes first. It runs when the program has ended, so it shares nothing with it. */
const FORM: CallbackForm = {
  parameters: [
    { argument: 1, is: "address" },
    { argument: 2, is: "address" },
  ],
  arguments: 3,
  readOnly: 1,
};

const timerArgument = (call: BuiltinCall, typing: Typing): Expression => ownedArgument(call, timer, "a timer", typing);

/** A timer in a value of the map that the call is made on. */
function ownTimer(call: BuiltinCall, typing: Typing): Expression {
  const node = timerArgument(call, typing);
  const record = node.kind === "member" ? node.record.type : undefined;
  if (record?.kind === "record" && sameLayout(record.layout, recordOf(call))) return node;
  throw new Mistake("WEIR1321", argument(call, 0).span, mapOf(call).name);
}

const addressOf = (node: BuiltinNode, lowering: FunctionLowering): Value =>
  lowering.address(lowering.place(nth(node, 0)));

const result = (value: Value, { builder }: FunctionLowering): Lowered => lowered(builder.truncate(value, 32));

/** What is alike: they change what only the kernel knows, so that the typed tree has no meaning by itself. */
const timing = (name: string, helper: HelperName, rest: Pick<Builtin, "check" | "lower" | "callsLater">): Builtin => ({
  name,
  inMemory: 0,
  ...rest,
  interpret: onlyInKernel(helper),
});

const initTimer = (name: string): Builtin =>
  timing(name, "bpf_timer_init", {
    check: (call, typing) => ({
      type: i32,
      arguments: [ownTimer(call, typing), optionalArgument(call, 1, CLOCK_MONOTONIC, typing)],
    }),
    lower(node, lowering) {
      const address = addressOf(node, lowering);
      const clock = lowering.value(nth(node, 1));
      return result(callMap("bpf_timer_init", node, [clock], lowering, address), lowering);
    },
  });

const onTimer = (name: string): Builtin =>
  timing(name, "bpf_timer_set_callback", {
    callsLater: true,
    check(call, typing) {
      const { key } = mapOf(call);
      const given = [key === undefined ? u32 : typeOfLayout(key), recordType(recordOf(call))];
      const callback = typeCallback("onTimer", argument(call, 1), given, typing);
      return { type: i32, arguments: [ownTimer(call, typing)], callback };
    },
    lower(node, lowering) {
      const address = addressOf(node, lowering);
      const callback = lowerCallback(node, FORM, lowering);
      const given = [address, callback.address];
      return result(lowering.builder.callHelper(helperNumber("bpf_timer_set_callback"), given), lowering);
    },
  });

const startTimer = timing("startTimer", "bpf_timer_start", {
  check: (call, typing) => ({
    type: i32,
    arguments: [
      timerArgument(call, typing),
      typing.value(argument(call, 1), u64),
      optionalArgument(call, 2, 0n, typing),
    ],
  }),
  lower(node, lowering) {
    const given = [addressOf(node, lowering), lowering.value(nth(node, 1)), lowering.value(nth(node, 2))];
    return result(lowering.builder.callHelper(helperNumber("bpf_timer_start"), given), lowering);
  },
});

const cancelTimer = timing("cancelTimer", "bpf_timer_cancel", {
  check: (call, typing) => ({ type: i32, arguments: [timerArgument(call, typing)] }),
  lower: (node, lowering) =>
    result(lowering.builder.callHelper(helperNumber("bpf_timer_cancel"), [addressOf(node, lowering)]), lowering),
});

/** `map.initTimer(timer)`, `map.onTimer(timer, (key, value) => …)`, `startTimer(timer, nanoseconds)`, `cancelTimer(timer)`. */
export const timerBuiltins: readonly Builtin[] = [
  initTimer("array.initTimer"),
  initTimer("hash.initTimer"),
  onTimer("array.onTimer"),
  onTimer("hash.onTimer"),
  startTimer,
  cancelTimer,
];
