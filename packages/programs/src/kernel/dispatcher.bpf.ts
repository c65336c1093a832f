import type { u32 } from "@weir/bytecode/layout";
import { globalFunction, metadata, readOnly, XDP_PASS, type XdpPacket, xdp } from "@weir/compiler/language";
import {
  DISPATCHER_PROGRAMS,
  DISPATCHER_VERSION,
  DispatcherSettings,
  NOTHING_REPLACED,
} from "../records/dispatcher.ts";

/** How libxdp knows a dispatcher. */
export const dispatcher_version = metadata("xdp_metadata", DISPATCHER_VERSION);

/** Set before load, so that the verifier leaves no more places than there are programs. */
const conf = readOnly(DispatcherSettings);

/**
 * What a place does that no program has taken. Moving the packet's end by nothing tells the verifier that a program in this place may
 * move it: since Linux 6.13 none may that stands for a function which does not.
 */
function nothingReplaced(packet: XdpPacket): u32 {
  packet.adjustTail(0);
  return NOTHING_REPLACED;
}

const prog0 = globalFunction((packet: XdpPacket): u32 => nothingReplaced(packet));
const prog1 = globalFunction((packet: XdpPacket): u32 => nothingReplaced(packet));
const prog2 = globalFunction((packet: XdpPacket): u32 => nothingReplaced(packet));
const prog3 = globalFunction((packet: XdpPacket): u32 => nothingReplaced(packet));
const prog4 = globalFunction((packet: XdpPacket): u32 => nothingReplaced(packet));
const prog5 = globalFunction((packet: XdpPacket): u32 => nothingReplaced(packet));
const prog6 = globalFunction((packet: XdpPacket): u32 => nothingReplaced(packet));
const prog7 = globalFunction((packet: XdpPacket): u32 => nothingReplaced(packet));
const prog8 = globalFunction((packet: XdpPacket): u32 => nothingReplaced(packet));
const prog9 = globalFunction((packet: XdpPacket): u32 => nothingReplaced(packet));

/** libxdp tries on it whether the kernel lets programs take places. */
const compat_test = globalFunction((_packet: XdpPacket): u32 => NOTHING_REPLACED);

/** Whether a verdict of the program at a place is the last word. */
function ends(verdict: u32, place: u32): boolean {
  return ((1 << verdict) & conf.continueAfter[place]) === 0;
}

/** Calls the programs of an interface one after the other, by libxdp's protocol, until one gives a verdict that is not to go on. */
export const xdp_dispatcher = xdp((packet) => {
  let verdict: u32 = XDP_PASS;
  if (conf.programs < 1) return XDP_PASS;
  verdict = prog0(packet);
  if (ends(verdict, 0)) return verdict;
  if (conf.programs < 2) return XDP_PASS;
  verdict = prog1(packet);
  if (ends(verdict, 1)) return verdict;
  if (conf.programs < 3) return XDP_PASS;
  verdict = prog2(packet);
  if (ends(verdict, 2)) return verdict;
  if (conf.programs < 4) return XDP_PASS;
  verdict = prog3(packet);
  if (ends(verdict, 3)) return verdict;
  if (conf.programs < 5) return XDP_PASS;
  verdict = prog4(packet);
  if (ends(verdict, 4)) return verdict;
  if (conf.programs < 6) return XDP_PASS;
  verdict = prog5(packet);
  if (ends(verdict, 5)) return verdict;
  if (conf.programs < 7) return XDP_PASS;
  verdict = prog6(packet);
  if (ends(verdict, 6)) return verdict;
  if (conf.programs < 8) return XDP_PASS;
  verdict = prog7(packet);
  if (ends(verdict, 7)) return verdict;
  if (conf.programs < 9) return XDP_PASS;
  verdict = prog8(packet);
  if (ends(verdict, 8)) return verdict;
  if (conf.programs < 10) return XDP_PASS;
  verdict = prog9(packet);
  if (ends(verdict, 9)) return verdict;
  // Never reached; it keeps the function in the object.
  if (conf.programs < DISPATCHER_PROGRAMS + 1) return XDP_PASS;
  compat_test(packet);
  return XDP_PASS;
});
