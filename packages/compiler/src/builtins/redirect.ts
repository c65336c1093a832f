import { helperNumber } from "@weir/bytecode";
import { lowered } from "../lowering/lowered.ts";
import { u32, u64 } from "../types/scalar.ts";
import { literal } from "../typing/literal.ts";
import { argument } from "./arguments.ts";
import type { Builtin } from "./builtin.ts";
import { mapOf } from "./maps/map-of.ts";
import { nth, only } from "./nth.ts";

const XDP_ABORTED = 0n;
const XDP_REDIRECT = 4n;
/** Verdicts that may stand in for a target that is not there: the kernel takes two bits. */
const OTHERWISE = 3n;
const BPF_F_BROADCAST = 1n << 3n;
const BPF_F_EXCLUDE_INGRESS = 1n << 4n;

/** `map.redirect(key, otherwise)`: to the target at the key, or the other verdict where there is none. */
const toTarget: Omit<Builtin, "name"> = {
  check(call, typing) {
    const otherwise = call.arguments[1];
    return {
      type: u32,
      arguments: [
        typing.value(argument(call, 0), u32),
        otherwise === undefined ? literal(u32, XDP_ABORTED, call.span) : typing.value(otherwise, u32),
      ],
    };
  },
  lower(node, lowering) {
    const { builder } = lowering;
    const key = builder.zeroExtend(lowering.value(nth(node, 0)), 32, 64);
    const otherwise = builder.zeroExtend(lowering.value(nth(node, 1)), 32, 64);
    const map = builder.mapAddress(mapOf(node).name);
    const verdict = builder.callHelper(helperNumber("bpf_redirect_map"), [map, key, otherwise]);
    return lowered(builder.truncate(verdict, 32));
  },
  interpret(node, interpreter) {
    const { operations } = mapOf(node);
    const known = interpreter.map(mapOf(node)).lookup(interpreter.bytes(nth(node, 0)));
    const otherwise = interpreter.integer(nth(node, 1));
    // To the kernel it is flags, and what is no verdict may be one: `redirect` with the flag for all interfaces goes to all.
    const flags = operations === "devices" ? BPF_F_BROADCAST | BPF_F_EXCLUDE_INGRESS : 0n;
    if ((otherwise & ~(OTHERWISE | flags)) !== 0n) return XDP_ABORTED;
    if ((otherwise & flags & BPF_F_BROADCAST) !== 0n || known !== null) return XDP_REDIRECT;
    return otherwise & OTHERWISE;
  },
};

/** Words that send packets elsewhere. */
export const redirectBuiltins: readonly Builtin[] = [
  { name: "cpus.redirect", ...toTarget },
  { name: "devices.redirect", ...toTarget },
  { name: "sockets.redirect", ...toTarget },
  {
    name: "devices.broadcast",
    check(call, typing) {
      const flags = call.arguments[0];
      return { type: u32, arguments: [flags === undefined ? literal(u64, 0n, call.span) : typing.value(flags, u64)] };
    },
    lower(node, lowering) {
      const { builder } = lowering;
      const flags = builder.binary("or", 64, lowering.value(only(node)), builder.constant(64, BPF_F_BROADCAST));
      const map = builder.mapAddress(mapOf(node).name);
      // With this flag the kernel does not look at the key.
      const verdict = builder.callHelper(helperNumber("bpf_redirect_map"), [map, builder.constant(64, 0n), flags]);
      return lowered(builder.truncate(verdict, 32));
    },
    interpret(node, interpreter) {
      const flags = interpreter.integer(only(node));
      const unknown = flags & ~(OTHERWISE | BPF_F_BROADCAST | BPF_F_EXCLUDE_INGRESS);
      return unknown === 0n ? XDP_REDIRECT : XDP_ABORTED;
    },
  },
  {
    name: "redirect",
    check: (call, typing) => ({ type: u32, arguments: [typing.value(argument(call, 0), u32)] }),
    lower(node, lowering) {
      const { builder } = lowering;
      const index = builder.zeroExtend(lowering.value(only(node)), 32, 64);
      const verdict = builder.callHelper(helperNumber("bpf_redirect"), [index, builder.constant(64, 0n)]);
      return lowered(builder.truncate(verdict, 32));
    },
    interpret(node, interpreter) {
      interpreter.integer(only(node));
      return XDP_REDIRECT;
    },
  },
];
