import { E2BIG, EINVAL } from "../errno.ts";
import { MachineError } from "../machine-error.ts";
import { MapElement } from "../maps/map-element.ts";
import type { SpecialField } from "../maps/special-fields.ts";
import { ValueMap } from "../maps/value-map.ts";
import type { HelperCall, Helpers } from "./helper-call.ts";

/** `BPF_MAX_LOOPS`. */
const MOST_LOOPS = 1 << 23;

/** The element whose lock or timer the first argument points to. */
function elementOf(call: HelperCall, kind: SpecialField["kind"]): MapElement {
  const { owner, offset } = call.memory.ownerAround(call.argument(0));
  if (owner instanceof MapElement && owner.map instanceof ValueMap) {
    if (owner.map.specialFields.some((field) => field.kind === kind && field.offset === offset)) return owner;
  }
  throw new MachineError(`${call.name} is called with something else than the ${kind} in the value of a map`);
}

export const controlHelpers: Helpers = {
  bpf_loop: (call) => {
    const count = call.word(0);
    if (call.argument(3) !== 0n) return EINVAL;
    // The verifier puts the loop into the program, with an error number of 32 bits.
    if (count > MOST_LOOPS) return BigInt.asUintN(32, E2BIG);
    for (let index = 0; index < count; index++) {
      if (call.run.callFunction(call.argument(1), [BigInt(index), call.argument(2)]) !== 0n) return BigInt(index + 1);
    }
    return BigInt(count);
  },
  bpf_spin_lock: (call) => {
    elementOf(call, "lock");
    call.run.held.lock(call.argument(0));
    return 0n;
  },
  bpf_spin_unlock: (call) => {
    call.run.held.unlock(call.argument(0));
    return 0n;
  },
  bpf_timer_init: (call) => call.surroundings.timers.init(call.argument(0), elementOf(call, "timer"), call.argument(2)),
  bpf_timer_set_callback: (call) => {
    elementOf(call, "timer");
    return call.surroundings.timers.setCallback(call.argument(0), call.run.functionAt(call.argument(1)));
  },
  bpf_timer_start: (call) => {
    elementOf(call, "timer");
    const { timers, clock } = call.surroundings;
    return timers.start(call.argument(0), call.argument(1), call.argument(2), clock.now);
  },
  bpf_timer_cancel: (call) => {
    elementOf(call, "timer");
    return call.surroundings.timers.cancel(call.argument(0));
  },
};
