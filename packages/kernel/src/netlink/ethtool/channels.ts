import { ethtool_channels } from "../../uapi/ethtool.generated.ts";
import { u32 } from "../attribute-kinds.ts";
import { attributeTable, encode } from "../attribute-table.ts";
import type { NetworkInterface } from "../network-interface.ts";
import { ethtoolRequest, HEADER } from "./ethtool-request.ts";

/** How many there are, and the most that the driver takes. */
export interface ChannelCount {
  readonly count: number;
  readonly largest: number;
}

/**
 * The channels of an interface: an interrupt with the queues that it serves. Undefined is the sort that the driver does not have;
 * most have either combined ones or one sort for each direction.
 */
export interface Channels {
  readonly receive: ChannelCount | undefined;
  readonly transmit: ChannelCount | undefined;
  readonly combined: ChannelCount | undefined;
  readonly other: ChannelCount | undefined;
}

const CHANNELS = attributeTable(ethtool_channels, {
  header: ["ETHTOOL_A_CHANNELS_HEADER", HEADER],
  receive: ["ETHTOOL_A_CHANNELS_RX_COUNT", u32],
  receiveLargest: ["ETHTOOL_A_CHANNELS_RX_MAX", u32],
  transmit: ["ETHTOOL_A_CHANNELS_TX_COUNT", u32],
  transmitLargest: ["ETHTOOL_A_CHANNELS_TX_MAX", u32],
  combined: ["ETHTOOL_A_CHANNELS_COMBINED_COUNT", u32],
  combinedLargest: ["ETHTOOL_A_CHANNELS_COMBINED_MAX", u32],
  other: ["ETHTOOL_A_CHANNELS_OTHER_COUNT", u32],
  otherLargest: ["ETHTOOL_A_CHANNELS_OTHER_MAX", u32],
});

/**
 * The numbers of an interface's channels, as `ethtool -l` shows them.
 *
 * @example
 * ```ts
 * channels(findInterface("eth0").index)?.combined; // { count: 4, largest: 8 }
 * ```
 * @returns undefined when the driver does not tell (Linux 5.7)
 * @throws {KernelError} `WEIR_NO_INTERFACE`
 * @see https://docs.kernel.org/networking/ethtool-netlink.html#channels-get
 */
export function channels(index: number): Channels | undefined {
  const answer = ethtoolRequest("ETHTOOL_MSG_CHANNELS_GET", index, encode(CHANNELS, { header: { index } }));
  return (
    answer && {
      receive: channel(answer.receive, answer.receiveLargest),
      transmit: channel(answer.transmit, answer.transmitLargest),
      combined: channel(answer.combined, answer.combinedLargest),
      other: channel(answer.other, answer.otherLargest),
    }
  );
}

/** The transmit queues of an interface that are in use, of those that it was made with. */
export function transmitQueuesInUse({ index, transmitQueues }: NetworkInterface): number {
  return channels(index)?.transmit?.count ?? transmitQueues;
}

/** The kernel leaves out a sort that the driver does not have. */
function channel(count: number | undefined, largest: number | undefined): ChannelCount | undefined {
  return count === undefined || largest === undefined ? undefined : { count, largest };
}
