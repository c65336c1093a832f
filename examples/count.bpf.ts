/** Counts packets and their bytes, and lets them all pass. */
import { atomicAdd, global, XDP_PASS, xdp } from "@weir/compiler/language";
import { Count } from "./records.ts";

const total = global(Count);

export const count = xdp((packet) => {
  atomicAdd(total, "packets", 1);
  atomicAdd(total, "bytes", packet.length);
  return XDP_PASS;
});
