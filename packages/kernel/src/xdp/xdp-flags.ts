import type { XdpMode } from "../netlink/network-interface.ts";
import { XDP_FLAGS_DRV_MODE, XDP_FLAGS_HW_MODE, XDP_FLAGS_SKB_MODE } from "../uapi/macros.ts";

/** What asks the kernel for a mode. */
export const MODE_FLAGS: Readonly<Record<XdpMode, number>> = {
  drv: XDP_FLAGS_DRV_MODE,
  skb: XDP_FLAGS_SKB_MODE,
  hw: XDP_FLAGS_HW_MODE,
};
