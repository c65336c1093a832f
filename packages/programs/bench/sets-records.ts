import { array, be32, be64, struct, u32, u64 } from "@weir/bytecode/layout";

/** Addresses of one element of map `ASKED`: of IPv4 in `low` alone. */
export const ASKED_EACH = 512;
export const Asked = struct({ high: array(u64, ASKED_EACH), low: array(u64, ASKED_EACH) });

export const Address6 = struct({ high: be64, low: be64 });
/** Keys of the tries, as user space has them. */
export const Prefix4 = struct({ length: u32, address: be32 });
export const Prefix6 = struct({ length: u32, first: be32, second: be32, third: be32, last: be32 });
