import { type HelperName, helperNumber } from "@weir/bytecode";
import { spinLock } from "@weir/bytecode/layout";
import { nothing } from "../lowering/lowered.ts";
import { voidType } from "../types/kernel-type.ts";
import { ownedArgument } from "./arguments.ts";
import type { Builtin } from "./builtin.ts";
import { only } from "./nth.ts";

function locking(name: string, helper: HelperName): Builtin {
  return {
    name,
    inMemory: 0,
    check(call, typing) {
      return { type: voidType, arguments: [ownedArgument(call, spinLock, "a spinLock", typing)] };
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
