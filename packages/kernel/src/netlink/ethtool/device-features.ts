import { ethtool_features } from "../../uapi/ethtool.generated.ts";
import { attributeTable, encode } from "../attribute-table.ts";
import { bitSet } from "./bit-set.ts";
import { ethtoolRequest, HEADER } from "./ethtool-request.ts";

/**
 * What an interface takes over from the network stack, by the kernel's names: `rx-lro`, `rx-gro-hw`, `rx-gro`, `rx-vlan-hw-parse`,
 * `tx-checksum-ip-generic`…
 */
export interface DeviceFeatures {
  /** What can be switched on and off; the rest `ethtool -k` marks as fixed. */
  readonly changeable: ReadonlySet<string>;
  /** What was asked for, and is on as soon as nothing is in its way. */
  readonly wanted: ReadonlySet<string>;
  /** What is on. */
  readonly active: ReadonlySet<string>;
}

/** Offloads that put several packets into one frame before the driver, or a program in it, has them. */
export const MERGING_OFFLOADS: readonly string[] = ["rx-lro", "rx-gro-hw"];

/** Those of them that are on. */
export function mergingOffloads(index: number): string[] {
  const { active } = deviceFeatures(index) ?? {};
  return MERGING_OFFLOADS.filter((name) => active?.has(name));
}

const FEATURES = attributeTable(ethtool_features, {
  header: ["ETHTOOL_A_FEATURES_HEADER", HEADER],
  hardware: ["ETHTOOL_A_FEATURES_HW", bitSet],
  wanted: ["ETHTOOL_A_FEATURES_WANTED", bitSet],
  active: ["ETHTOOL_A_FEATURES_ACTIVE", bitSet],
  noChange: ["ETHTOOL_A_FEATURES_NOCHANGE", bitSet],
});

/**
 * The offloads of an interface, as `ethtool -k` shows them.
 *
 * @example
 * ```ts
 * deviceFeatures(findInterface("eth0").index)?.active.has("rx-lro"); // native XDP does not go with LRO
 * ```
 * @returns undefined when they are not known: the kernel was built without ethtool's netlink family (Linux 5.7 has it)
 * @throws {KernelError} `WEIR_NO_INTERFACE`
 * @see https://docs.kernel.org/networking/ethtool-netlink.html#features-get
 */
export function deviceFeatures(index: number): DeviceFeatures | undefined {
  const attributes = encode(FEATURES, { header: { index } });
  const answer = ethtoolRequest("ETHTOOL_MSG_FEATURES_GET", index, attributes);
  if (answer === undefined) return undefined;
  const none: ReadonlySet<string> = new Set();
  const { hardware = none, wanted = none, active = none, noChange = none } = answer;
  return { changeable: new Set([...hardware].filter((name) => !noChange.has(name))), wanted, active };
}
