import type { Value } from "@weir/codegen";
import { Mistake } from "../../diagnostics/mistake.ts";
import { onlyInKernel } from "../../interpreter/kernel-only-error.ts";
import type { FunctionLowering } from "../../lowering/function-lowering.ts";
import { lowered } from "../../lowering/lowered.ts";
import type { BuiltinNode } from "../../tree/call.ts";
import type { Expression } from "../../tree/expression.ts";
import { recordType } from "../../types/kernel-type.ts";
import { i32 } from "../../types/scalar.ts";
import { typeName } from "../../types/type-name.ts";
import type { Typing } from "../../typing/typing.ts";
import { argument } from "../arguments.ts";
import type { Builtin, BuiltinCall } from "../builtin.ts";
import { only } from "../nth.ts";
import { callMap, recordOf } from "./map-of.ts";

/** `BPF_SK_STORAGE_GET_F_CREATE` */
const CREATE = 1n;

/** What the verifier takes for a socket (`btf_sock_ids`, and `PTR_TO_SOCK_COMMON`). */
const sockets = /^(bpf_sock|sock|sock_common|(tcp|tcp6|udp|udp6)_sock)$/;

function socketArgument(call: BuiltinCall, typing: Typing): Expression {
  const syntax = argument(call, 0);
  const node = typing.expression(syntax);
  const { type } = node;
  if (type.kind !== "kernel" || !sockets.test(type.structure.name)) {
    throw new Mistake("WEIR1108", syntax.span, "a socket", typeName(type, typing.layoutNames));
  }
  if (type.nullable) throw new Mistake("WEIR1109", syntax.span);
  return node;
}

/** Gives the value that is there, or with `CREATE` makes one. */
function getting(name: string, flags: bigint): Builtin {
  return {
    name,
    check: (call, typing) => ({ type: recordType(recordOf(call), true), arguments: [socketArgument(call, typing)] }),
    lower: (node, lowering) => lowered(get(node, flags, lowering)),
    interpret: onlyInKernel("a socket"),
  };
}

/** Without a value to begin with: zeros. */
function get(node: BuiltinNode, flags: bigint, lowering: FunctionLowering): Value {
  const { builder } = lowering;
  const rest = [lowering.value(only(node)), builder.constant(64, 0n), builder.constant(64, flags)];
  return callMap("bpf_sk_storage_get", node, rest, lowering);
}

/** `BPF_MAP_TYPE_SK_STORAGE`. */
export const skStorageBuiltins: readonly Builtin[] = [
  getting("storage.lookup", 0n),
  getting("storage.lookupOrCreate", CREATE),
  {
    name: "storage.delete",
    check: (call, typing) => ({ type: i32, arguments: [socketArgument(call, typing)] }),
    lower(node, lowering) {
      const result = callMap("bpf_sk_storage_delete", node, [lowering.value(only(node))], lowering);
      return lowered(lowering.builder.truncate(result, 32));
    },
    interpret: onlyInKernel("a socket"),
  },
];
