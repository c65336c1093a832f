import type { i32, u32 } from "@weir/bytecode/layout";

/** What becomes of a packet (`enum xdp_action`). Since Linux 4.8, `XDP_REDIRECT` since 4.14. */
export type XdpAction = u32 & { readonly __action?: never };
export declare const XDP_ABORTED: XdpAction;
export declare const XDP_DROP: XdpAction;
export declare const XDP_PASS: XdpAction;
export declare const XDP_TX: XdpAction;
export declare const XDP_REDIRECT: XdpAction;

/** What becomes of a socket buffer (`enum tcx_action_base`). Since Linux 6.6. */
export type TcxAction = i32 & { readonly __tcxAction?: never };
/** Leaves it to the next program, and after the last one passes it. */
export declare const TCX_NEXT: TcxAction;
export declare const TCX_PASS: TcxAction;
export declare const TCX_DROP: TcxAction;
export declare const TCX_REDIRECT: TcxAction;
