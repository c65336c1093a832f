import { MachineError } from "../machine-error.ts";
import { TargetMap } from "../maps/target-map.ts";
import type { Helpers } from "./helper-call.ts";

const XDP_ABORTED = 0n;
const XDP_REDIRECT = 4n;
const TC_ACT_SHOT = 2n;
const TC_ACT_REDIRECT = 7n;
/** Flags of `bpf_redirect_map`: the verdict where there is no target, `BPF_F_BROADCAST`, `BPF_F_EXCLUDE_INGRESS`. */
const OTHERWISE = 3n;
const BROADCAST = 8n;
const EXCLUDE_INGRESS = 16n;
/** `BPF_F_INGRESS`. */
const INGRESS = 1n;

export const redirectHelpers: Helpers = {
  bpf_redirect: (call) => {
    const interfaceIndex = call.word(0);
    const flags = call.argument(1);
    // Only a packet of a socket buffer can be given to another interface as if it had come in there.
    const isXdp = call.run.isXdp;
    if ((flags & ~(isXdp ? 0n : INGRESS)) !== 0n) return isXdp ? XDP_ABORTED : TC_ACT_SHOT;
    call.run.redirect = { to: "interface", interfaceIndex, ingress: flags === INGRESS };
    return isXdp ? XDP_REDIRECT : TC_ACT_REDIRECT;
  },
  bpf_redirect_map: (call) => {
    const map = call.mapOf(0, TargetMap);
    const key = call.word(1);
    const flags = call.argument(2);
    const takesMany = map.spec.type.startsWith("device");
    if ((flags & ~(takesMany ? OTHERWISE | BROADCAST | EXCLUDE_INGRESS : OTHERWISE)) !== 0n) return XDP_ABORTED;
    const { name } = map.spec;
    if ((flags & BROADCAST) !== 0n) {
      call.run.redirect = { to: "all", map: name, exceptIngress: (flags & EXCLUDE_INGRESS) !== 0n };
      return XDP_REDIRECT;
    }
    if (!map.has(key)) return flags & OTHERWISE;
    call.run.redirect = { to: "map", map: name, key };
    return XDP_REDIRECT;
  },
  bpf_fib_lookup: (call) => {
    const { fibLookup } = call.surroundings;
    if (fibLookup === undefined) {
      throw new MachineError(
        "bpf_fib_lookup is called, and the machine has no routing tables: set its fibLookup to a function that answers",
      );
    }
    const request = call.bytes(1, Number(call.argument(2)));
    const result = fibLookup(request, call.word(3));
    call.memory.write(call.argument(1), request);
    return BigInt(result);
  },
};
