import { ethtool_rings } from "../../uapi/ethtool.generated.ts";
import { choice, u32 } from "../attribute-kinds.ts";
import { attributeTable, encode } from "../attribute-table.ts";
import { ethtoolRequest, HEADER } from "./ethtool-request.ts";

/** A size in descriptors, and the most that the driver takes. */
export interface RingSize {
  readonly size: number;
  readonly largest: number;
}

/** The rings between driver and hardware. Undefined is what the driver does not have or tell. */
export interface Rings {
  readonly receive: RingSize | undefined;
  readonly receiveMini: RingSize | undefined;
  readonly receiveJumbo: RingSize | undefined;
  readonly transmit: RingSize | undefined;
  /** Bytes of one receive buffer (Linux 5.17). */
  readonly receiveBuffer: number | undefined;
  /** Whether headers and data of TCP arrive in buffers of their own, which XDP cannot take (Linux 5.18). */
  readonly tcpDataSplit: boolean | undefined;
  /** Bytes of a completion entry (Linux 5.18). */
  readonly completionEntry: number | undefined;
}

/** Of `enum ethtool_tcp_data_split`; 0 is not known. */
const SPLIT = { disabled: 1, enabled: 2 } as const;

const RINGS = attributeTable(ethtool_rings, {
  header: ["ETHTOOL_A_RINGS_HEADER", HEADER],
  receive: ["ETHTOOL_A_RINGS_RX", u32],
  receiveLargest: ["ETHTOOL_A_RINGS_RX_MAX", u32],
  mini: ["ETHTOOL_A_RINGS_RX_MINI", u32],
  miniLargest: ["ETHTOOL_A_RINGS_RX_MINI_MAX", u32],
  jumbo: ["ETHTOOL_A_RINGS_RX_JUMBO", u32],
  jumboLargest: ["ETHTOOL_A_RINGS_RX_JUMBO_MAX", u32],
  transmit: ["ETHTOOL_A_RINGS_TX", u32],
  transmitLargest: ["ETHTOOL_A_RINGS_TX_MAX", u32],
  receiveBuffer: ["ETHTOOL_A_RINGS_RX_BUF_LEN", u32],
  tcpDataSplit: ["ETHTOOL_A_RINGS_TCP_DATA_SPLIT", choice(SPLIT)],
  completionEntry: ["ETHTOOL_A_RINGS_CQE_SIZE", u32],
});

/**
 * The sizes of an interface's rings, as `ethtool -g` shows them.
 *
 * @example
 * ```ts
 * rings(findInterface("eth0").index)?.receive; // { size: 256, largest: 1024 }
 * ```
 * @returns undefined when the driver has no rings or does not tell (Linux 5.7)
 * @throws {KernelError} `WEIR_NO_INTERFACE`
 * @see https://docs.kernel.org/networking/ethtool-netlink.html#rings-get
 */
export function rings(index: number): Rings | undefined {
  const answer = ethtoolRequest("ETHTOOL_MSG_RINGS_GET", index, encode(RINGS, { header: { index } }));
  return (
    answer && {
      receive: ring(answer.receive, answer.receiveLargest),
      receiveMini: ring(answer.mini, answer.miniLargest),
      receiveJumbo: ring(answer.jumbo, answer.jumboLargest),
      transmit: ring(answer.transmit, answer.transmitLargest),
      receiveBuffer: answer.receiveBuffer,
      tcpDataSplit: answer.tcpDataSplit && answer.tcpDataSplit === "enabled",
      completionEntry: answer.completionEntry,
    }
  );
}

/** The kernel leaves out a ring that the driver does not have. */
function ring(size: number | undefined, largest: number | undefined): RingSize | undefined {
  return size === undefined || largest === undefined ? undefined : { size, largest };
}
