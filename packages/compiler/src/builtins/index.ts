import { adjustBuiltins } from "./adjust-packet.ts";
import { ambientBuiltins } from "./ambient.ts";
import { atomicBuiltins } from "./atomics.ts";
import type { Builtin } from "./builtin.ts";
import { byteOrderBuiltins } from "./byte-order.ts";
import { fibLookup } from "./fib-lookup.ts";
import { kernelFunctionBuiltins } from "./kernel-functions.ts";
import { kernelStructureBuiltins } from "./kernel-structure.ts";
import { kernelTypeBuiltins } from "./kernel-types.ts";
import { likelihoodBuiltins } from "./likelihood.ts";
import { loop } from "./loop.ts";
import { bloomFilterBuiltins } from "./maps/bloom-filter.ts";
import { eachBuiltins } from "./maps/each.ts";
import { keyedMapBuiltins } from "./maps/keyed-map.ts";
import { perfEventArrayBuiltins } from "./maps/perf-event-array.ts";
import { prefixMapBuiltins } from "./maps/prefix-map.ts";
import { programArrayBuiltins } from "./maps/program-array.ts";
import { queueMapBuiltins } from "./maps/queue-map.ts";
import { ringBufferBuiltins } from "./maps/ring-buffer.ts";
import { skStorageBuiltins } from "./maps/sk-storage-map.ts";
import { opaque } from "./opaque.ts";
import { packetAt, packetMetaAt } from "./packet-at.ts";
import { packetCopy } from "./packet-copy.ts";
import { packetFields } from "./packet-fields.ts";
import { print } from "./print.ts";
import { rawHelperBuiltins } from "./raw-helpers.ts";
import { redirectBuiltins } from "./redirect.ts";
import { socketFields } from "./socket-field.ts";
import { spinLockBuiltins } from "./spin-lock.ts";
import { timerBuiltins } from "./timers.ts";
import { view } from "./view.ts";
import { writeRecord } from "./write-record.ts";

/** All that the language gives, by name. */
export const builtins: ReadonlyMap<string, Builtin> = new Map(
  [
    ...byteOrderBuiltins,
    ...ambientBuiltins,
    ...packetFields,
    ...packetAt,
    ...packetMetaAt,
    ...packetCopy,
    ...adjustBuiltins,
    ...fibLookup,
    ...keyedMapBuiltins,
    ...eachBuiltins,
    ...prefixMapBuiltins,
    ...ringBufferBuiltins,
    ...perfEventArrayBuiltins,
    ...programArrayBuiltins,
    ...queueMapBuiltins,
    ...bloomFilterBuiltins,
    ...skStorageBuiltins,
    ...socketFields,
    ...redirectBuiltins,
    ...kernelStructureBuiltins,
    ...kernelTypeBuiltins,
    ...kernelFunctionBuiltins,
    ...spinLockBuiltins,
    ...timerBuiltins,
    print,
    ...rawHelperBuiltins,
    view,
    writeRecord,
    ...atomicBuiltins,
    opaque,
    loop,
    ...likelihoodBuiltins,
  ].map((builtin) => [builtin.name, builtin]),
);
