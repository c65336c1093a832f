import { ethtool_bitset, ethtool_bitset_bit, ethtool_bitset_bits } from "../../uapi/ethtool.generated.ts";
import { type AttributeKind, flag, repeated, single, text } from "../attribute-kinds.ts";
import { attributeTable, decode, nested } from "../attribute-table.ts";

const BIT = attributeTable(ethtool_bitset_bit, {
  name: ["ETHTOOL_A_BITSET_BIT_NAME", text],
  value: ["ETHTOOL_A_BITSET_BIT_VALUE", flag],
});

const BITS = attributeTable(ethtool_bitset_bits, { bits: ["ETHTOOL_A_BITSET_BITS_BIT", repeated(nested(BIT))] });

const BIT_SET = attributeTable(ethtool_bitset, {
  isList: ["ETHTOOL_A_BITSET_NOMASK", flag],
  content: ["ETHTOOL_A_BITSET_BITS", BITS],
});

/**
 * The names of the bits that are set. Received only.
 *
 * @see https://docs.kernel.org/networking/ethtool-netlink.html#bit-sets
 */
export const bitSet: AttributeKind<ReadonlySet<string>> = single(
  (payload) => {
    const { isList, content } = decode(BIT_SET, payload);
    // A list names those that are set; without that mark all are named that the answer is about, with their values.
    const set = content?.bits?.filter(({ value }) => isList || value) ?? [];
    return new Set(set.flatMap(({ name }) => name ?? []));
  },
  () => {
    throw new TypeError("bit sets of ethtool are received, not sent");
  },
);
