import type { u32, u64 } from "@weir/bytecode/layout";
import { arrayMap, globalFunction } from "@weir/compiler/language";
import { SET_PROBES, SetPage, SLOT_USED_BIT } from "../../records/sets.ts";
import { slotsOf } from "./set-slots.bpf.ts";

export const MAC_SET = arrayMap({ value: SetPage, maxEntries: 2, mmapable: true });

/** Whether a hardware address is in the set: its six bytes, as a number. */
export const in_mac_set = globalFunction((mac: u64): u32 => {
  const wanted = mac | ((1 as u64) << SLOT_USED_BIT);
  return slotsOf(MAC_SET, wanted, (page, first) => {
    for (let probe: u32 = 0; probe < SET_PROBES; probe++) {
      const slot = page.words[(first + probe) & 511];
      if (slot === wanted) return 1;
      if (slot === 0) return 0;
    }
    return 0;
  });
});
