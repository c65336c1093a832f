import type { u32 } from "@weir/bytecode/layout";
import { arrayMap, globalFunction } from "@weir/compiler/language";
import { PORTS_AT, SetPage } from "../../records/sets.ts";

export const PORT_SET = arrayMap({ value: SetPage, maxEntries: 3, mmapable: true });

/** Whether a port is in the set. */
export const in_port_set = globalFunction((port: u32): u32 => {
  const page = PORT_SET.lookup(PORTS_AT + ((port >> 15) & 1));
  if (page === null) return 0;
  return ((page.words[(port >> 6) & 511] >> (port & 63)) & 1) as u32;
});
