import { XDP_PASS, type XdpPacket, xdp } from "@weir/compiler/language";
import { captureFrame } from "./capture-ring.bpf.ts";

export { CAPTURE_CHUNKS, CAPTURE_RINGS, CAPTURE_TICKETS } from "./capture-ring.bpf.ts";

/** Captures every frame that is wanted, and passes all of them on. */
export const xdp_packet_capture = xdp((packet: XdpPacket) => {
  captureFrame(packet, XDP_PASS);
  return XDP_PASS;
});
