import { ethtool_linkmodes, ethtool_linkstate } from "../../uapi/ethtool.generated.ts";
import { choice, u8, u32 } from "../attribute-kinds.ts";
import { attributeTable, encode } from "../attribute-table.ts";
import { ethtoolRequest, HEADER } from "./ethtool-request.ts";

/** What the driver says of the cable. Undefined is what it does not tell. */
export interface LinkState {
  /** Whether there is a link. */
  readonly detected: boolean | undefined;
  /** Megabits per second. */
  readonly speed: number | undefined;
  readonly duplex: "half" | "full" | undefined;
}

const STATE = attributeTable(ethtool_linkstate, {
  header: ["ETHTOOL_A_LINKSTATE_HEADER", HEADER],
  detected: ["ETHTOOL_A_LINKSTATE_LINK", u8],
});

/** `linux/ethtool.h`: DUPLEX_HALF, DUPLEX_FULL; 255 is not known. */
const DUPLEX = { half: 0, full: 1 } as const;
/** `linux/ethtool.h`: SPEED_UNKNOWN, -1. */
const SPEED_UNKNOWN = 0xffff_ffff;

const MODES = attributeTable(ethtool_linkmodes, {
  header: ["ETHTOOL_A_LINKMODES_HEADER", HEADER],
  speed: ["ETHTOOL_A_LINKMODES_SPEED", u32],
  duplex: ["ETHTOOL_A_LINKMODES_DUPLEX", choice(DUPLEX)],
});

/**
 * Link, speed and duplex of an interface, as `ethtool` shows them. Virtual drivers name a speed too, which means nothing.
 *
 * @example
 * ```ts
 * linkState(findInterface("eth0").index); // { detected: true, speed: 10000, duplex: "full" }
 * ```
 * Linux 5.6.
 * @throws {KernelError} `WEIR_NO_INTERFACE`
 * @see https://docs.kernel.org/networking/ethtool-netlink.html#linkmodes-get
 */
export function linkState(index: number): LinkState {
  const state = ethtoolRequest("ETHTOOL_MSG_LINKSTATE_GET", index, encode(STATE, { header: { index } }));
  const modes = ethtoolRequest("ETHTOOL_MSG_LINKMODES_GET", index, encode(MODES, { header: { index } }));
  return {
    detected: state?.detected === undefined ? undefined : state.detected !== 0,
    speed: modes?.speed === SPEED_UNKNOWN ? undefined : modes?.speed,
    duplex: modes?.duplex,
  };
}
