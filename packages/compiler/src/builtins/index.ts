import { adjustBuiltins } from "./adjust-packet.ts";
import { ambientBuiltins } from "./ambient.ts";
import { atomicBuiltins } from "./atomics.ts";
import type { Builtin } from "./builtin.ts";
import { byteOrderBuiltins } from "./byte-order.ts";
import { fibLookup } from "./fib-lookup.ts";
import { mapBuiltins } from "./map-operations.ts";
import { opaque } from "./opaque.ts";
import { packetAt } from "./packet-at.ts";
import { packetCopy } from "./packet-copy.ts";
import { packetFields } from "./packet-fields.ts";
import { redirectBuiltins } from "./redirect.ts";
import { view } from "./view.ts";

/** All that the language gives, by name. */
export const builtins: ReadonlyMap<string, Builtin> = new Map(
  [
    ...byteOrderBuiltins,
    ...ambientBuiltins,
    ...packetFields,
    packetAt,
    packetCopy,
    ...adjustBuiltins,
    fibLookup,
    ...mapBuiltins,
    ...redirectBuiltins,
    view,
    ...atomicBuiltins,
    opaque,
  ].map((builtin) => [builtin.name, builtin]),
);
