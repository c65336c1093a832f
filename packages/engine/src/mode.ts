/** How an XDP program is attached: by the driver (native), by the stack before it (generic), or in the card (offload). */
export type AttachedMode = "drv" | "skb" | "hw";

/** What can be asked for; `"auto"` takes `"drv"` where the driver can and `"skb"` otherwise. */
export type Mode = "auto" | AttachedMode;
