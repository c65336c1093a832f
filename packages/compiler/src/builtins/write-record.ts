import { helperNumber } from "@weir/bytecode";
import type { Value } from "@weir/codegen";
import { onlyInKernel } from "../interpreter/kernel-only-error.ts";
import type { FunctionLowering } from "../lowering/function-lowering.ts";
import { lowered } from "../lowering/lowered.ts";
import type { Span } from "../source-file.ts";
import { i32 } from "../types/scalar.ts";
import type { Builtin } from "./builtin.ts";
import { addressOf, sizeOf } from "./maps/in-memory.ts";
import { recordArgument } from "./maps/record-argument.ts";
import { only } from "./nth.ts";

/** Where an iterator's text goes: `meta` is first in each `struct bpf_iter__…`, and `seq` in `struct bpf_iter_meta`, since Linux 5.8. */
export function iteratorText(span: Span, lowering: FunctionLowering): Value {
  const { builder } = lowering;
  return builder.load(64, builder.load(64, lowering.contextFor(span), 0), 0);
}

/** `writeRecord(record)`: the bytes of a record into what an iterator gives. */
export const writeRecord: Builtin = {
  name: "writeRecord",
  takesContext: true,
  check: (call, typing) => ({ type: i32, arguments: [recordArgument(call, 0, typing)] }),
  lower(node, lowering) {
    const { builder } = lowering;
    const record = only(node);
    const size = builder.constant(64, BigInt(sizeOf(record.type)));
    const given = [iteratorText(node.span, lowering), addressOf(record, lowering), size];
    return lowered(builder.truncate(builder.callHelper(helperNumber("bpf_seq_write"), given), 32));
  },
  interpret: onlyInKernel("writeRecord"),
};
