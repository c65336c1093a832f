import { CaptureError, type CapturePosition } from "./capture-error.ts";

/** `LINKTYPE_ETHERNET`: the only one whose frames an XDP program gets to see. */
const ETHERNET = 1;

/** Others that are met often, by their number in https://www.tcpdump.org/linktypes.html. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [0, "BSD loopback"],
  [9, "PPP"],
  [50, "PPP over HDLC"],
  [101, "raw IP"],
  [105, "IEEE 802.11"],
  [108, "OpenBSD loopback"],
  [113, "Linux cooked"],
  [127, "IEEE 802.11 with radiotap"],
  [147, "private use"],
  [220, "Linux USB"],
  [228, "raw IPv4"],
  [229, "raw IPv6"],
  [249, "USBPcap"],
  [252, "exported PDU"],
  [276, "Linux cooked, version 2"],
]);

/** Throws unless `linkType` is Ethernet. */
export function expectEthernet(position: CapturePosition, offset: number, linkType: number, whose: string): void {
  if (linkType === ETHERNET) return;
  const name = NAMES.get(linkType) ?? "unknown to weir";
  throw new CaptureError(
    "WEIR_CAPTURE_LINK_TYPE",
    position,
    offset,
    `${whose} has link type ${linkType} (${name}), not Ethernet (1)`,
    "An XDP program sees Ethernet frames alone; capture on an Ethernet interface, or take its frames out with tshark.",
  );
}
