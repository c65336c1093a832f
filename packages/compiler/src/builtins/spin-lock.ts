import { type HelperName, helperNumber } from "@weir/bytecode";
import { spinLock } from "@weir/bytecode/layout";
import { Mistake } from "../diagnostics/mistake.ts";
import { nothing } from "../lowering/lowered.ts";
import { voidType } from "../types/kernel-type.ts";
import { typeName } from "../types/type-name.ts";
import { argument } from "./arguments.ts";
import type { Builtin } from "./builtin.ts";
import { only } from "./nth.ts";

function locking(name: string, helper: HelperName): Builtin {
  return {
    name,
    inMemory: 0,
    check(call, typing) {
      const syntax = argument(call, 0);
      const node = typing.expression(syntax);
      if (node.type.kind !== "record" || node.type.layout !== spinLock) {
        throw new Mistake("WEIR1108", syntax.span, "a spinLock", typeName(node.type, typing.layoutNames));
      }
      return { type: voidType, arguments: [node] };
    },
    lower(node, lowering) {
      lowering.builder.callHelper(helperNumber(helper), [lowering.address(lowering.place(only(node)))]);
      return nothing;
    },
    // One CPU alone never waits.
    interpret(node, interpreter) {
      interpreter.reference(only(node));
      return undefined;
    },
  };
}

/** `lock(record.lock)` and `unlock(record.lock)`. That nothing is called in between is checked by `checks/locks.ts`. */
export const spinLockBuiltins: readonly Builtin[] = [
  locking("lock", "bpf_spin_lock"),
  locking("unlock", "bpf_spin_unlock"),
];
