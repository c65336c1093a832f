import { type Helper, type HelperArgument, helpers } from "@weir/bytecode/helpers";
import type { Expression } from "../tree/expression.ts";
import { voidType } from "../types/kernel-type.ts";
import { scalarTypes } from "../types/scalar.ts";
import { literal } from "../typing/literal.ts";
import type { Typing } from "../typing/typing.ts";
import { argument } from "./arguments.ts";
import type { Builtin, BuiltinCall } from "./builtin.ts";
import { memoryArgument } from "./call-argument.ts";
import { kernelCall } from "./kernel-call.ts";

/** Helpers that words of the language call: their own names are not declared. */
const wrapped =
  /^bpf_(map_|ringbuf_|trace_|tail_call$|xdp_(adjust_|get_buff_len|load_bytes)|skb_load_bytes$|redirect(_map)?$|fib_lookup$|ktime_get_ns$|jiffies64$|get_smp_processor_id$|get_prandom_u32$|perf_event_output$|probe_read(_kernel)?(_str)?$|spin_|timer_|loop$|for_each_)/;

/** What a program can hand over without words of its own: numbers, memory, addresses; what it is given goes along unsaid. */
const plain = new Set<HelperArgument["kind"]>(["integer", "context", "memory", "address"]);

/** The helpers that programs call by their own names. */
export const rawHelpers: readonly Helper[] = helpers.filter(
  ({ name, arguments: list, result, allowed }) =>
    !wrapped.test(name) &&
    result !== "pointer" &&
    list.every(({ kind }) => plain.has(kind)) &&
    Object.keys(allowed).length > 0,
);

/** What a program says: all but the context. */
export const spokenArguments = ({ arguments: list }: Helper): readonly HelperArgument[] =>
  list.filter(({ kind }) => kind !== "context");

export const rawHelperBuiltins: readonly Builtin[] = rawHelpers.map((helper) => {
  const spoken = spokenArguments(helper);
  return kernelCall(helper, {
    spoken,
    check: (call, typing) => ({
      type: helper.result === "nothing" || helper.result === "pointer" ? voidType : scalarTypes[helper.result],
      arguments: spoken.map((one, index) => checkArgument(one, call, index, typing)),
    }),
    unsaid: (_context, node, lowering) => lowering.contextFor(node.span),
    call: (values, builder) => builder.callHelper(helper.number, values),
  });
});

function checkArgument(one: HelperArgument, call: BuiltinCall, index: number, typing: Typing): Expression {
  const syntax = argument(call, index);
  if (one.kind === "integer") return typing.value(syntax, scalarTypes[one.type]);
  if (one.kind === "address") return typing.value(syntax, scalarTypes.u64);
  if (one.kind !== "memory") throw new Error(`${one.name} cannot be handed over`);
  if (syntax.kind === "null" && one.optional) return literal(scalarTypes.u64, 0n, syntax.span);
  return memoryArgument(call, index, typeof one.size === "number" ? one.size : 0, typing);
}
