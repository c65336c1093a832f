import type { u32 } from "@weir/bytecode/layout";

/** What becomes of a packet (`enum xdp_action`). Since Linux 4.8, `XDP_REDIRECT` since 4.14. */
export type XdpAction = u32 & { readonly __action?: never };
export declare const XDP_ABORTED: XdpAction;
export declare const XDP_DROP: XdpAction;
export declare const XDP_PASS: XdpAction;
export declare const XDP_TX: XdpAction;
export declare const XDP_REDIRECT: XdpAction;
