// Captures frames with the verdict that their first byte names, and gives it.
import { struct, u8 } from "@weir/bytecode/layout";
import { XDP_ABORTED, XDP_DROP, XDP_PASS, XDP_TX, type XdpPacket, xdp } from "@weir/compiler/language";
import { captureFrame } from "../../src/kernel/capture-ring.bpf.ts";

export { CAPTURE_CHUNKS, CAPTURE_RINGS, CAPTURE_TICKETS } from "../../src/kernel/capture-ring.bpf.ts";

const First = struct({ value: u8 });

export const xdp_packet_capture = xdp((packet: XdpPacket) => {
  const first = packet.at(First, 0);
  if (first === null) return XDP_ABORTED;
  const wanted = first.value;
  const verdict = wanted === 1 ? XDP_DROP : wanted === 2 ? XDP_PASS : wanted === 3 ? XDP_TX : XDP_ABORTED;
  captureFrame(packet, verdict);
  return verdict;
});
