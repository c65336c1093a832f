import { isPerCpu } from "../../map-types.ts";
import { E2BIG, EFAULT, EINVAL, EOPNOTSUPP } from "../errno.ts";
import { PerfEventArray } from "../maps/perf-event-array.ts";
import { ProgramArray } from "../maps/program-array.ts";
import type { HelperCall, Helpers } from "./helper-call.ts";

const keyOf = (call: HelperCall): Uint8Array => call.bytes(1, call.map(0).spec.keySize);

/** Writes what was taken, or zeros; 0 or the error number. */
function give(call: HelperCall, taken: Uint8Array | bigint): bigint {
  const isValue = typeof taken !== "bigint";
  call.memory.write(call.argument(1), isValue ? taken : new Uint8Array(call.map(0).spec.valueSize));
  return isValue ? 0n : taken;
}

export const mapHelpers: Helpers = {
  bpf_map_lookup_elem: (call) => call.map(0).lookup(keyOf(call)),
  bpf_map_lookup_percpu_elem: (call) => call.map(0).lookupOn(keyOf(call), call.word(2)),
  bpf_map_update_elem: (call) => {
    const map = call.map(0);
    return map.update(keyOf(call), call.bytes(2, map.spec.valueSize), call.argument(3));
  },
  bpf_map_delete_elem: (call) => call.map(0).delete(keyOf(call)),
  bpf_map_push_elem: (call) => {
    const map = call.map(0);
    return map.push(call.bytes(1, map.spec.valueSize), call.argument(2));
  },
  bpf_map_pop_elem: (call) => give(call, call.map(0).pop()),
  bpf_map_peek_elem: (call) => {
    const map = call.map(0);
    // A Bloom filter reads the value that it is asked about.
    if (map.spec.type === "bloom-filter") {
      const found = map.peek(call.bytes(1, map.spec.valueSize));
      return typeof found === "bigint" ? found : 0n;
    }
    return give(call, map.peek(new Uint8Array()));
  },
  bpf_for_each_map_elem: (call) => {
    const map = call.map(0);
    if (call.argument(3) !== 0n) return EINVAL;
    const cpu = isPerCpu(map.spec.type) ? call.surroundings.cpu : 0;
    let seen = 0n;
    for (const element of map.elements()) {
      // The callback may have deleted it meanwhile.
      if (element.isReleased) continue;
      const key = call.memory.add("a key", element.key, { access: "read-only" });
      const value = element.address(cpu);
      const stop = call.run.callFunction(call.argument(1), [map.address, key, value, call.argument(2)]);
      call.memory.remove(key);
      seen += 1n;
      if (stop !== 0n) break;
    }
    return seen;
  },
  bpf_tail_call: (call) => {
    const name = call.mapOf(1, ProgramArray).programAt(call.word(2));
    if (name !== undefined) call.run.tailCall(name);
    return 0n;
  },
  bpf_perf_event_output: (call) => {
    const map = call.mapOf(1, PerfEventArray);
    const flags = call.argument(2);
    const extra = Number((flags >> 32n) & 0xfffffn);
    const index = BigInt.asUintN(32, flags);
    if (flags >> 52n !== 0n) return EINVAL;
    const { packet } = call.run.context ?? {};
    if (extra > (packet?.length ?? 0)) return packet === undefined ? EINVAL : EFAULT;
    const cpu = index === 0xffff_ffffn ? call.surroundings.cpu : Number(index);
    // An object leaves the number of places to the loader.
    if (cpu >= (map.spec.maxEntries || call.surroundings.cpus)) return E2BIG;
    // An event belongs to one CPU, and only that one writes to it.
    if (cpu !== call.surroundings.cpu) return EOPNOTSUPP;
    const data = call.bytes(3, Number(call.argument(4)));
    const bytes = new Uint8Array(data.length + extra);
    bytes.set(data);
    if (packet !== undefined) bytes.set(packet.copyOut(0, extra), data.length);
    map.add({ cpu, bytes });
    return 0n;
  },
};
