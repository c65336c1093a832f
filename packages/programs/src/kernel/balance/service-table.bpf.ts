import { type u16, type u32, u64, type Value } from "@weir/bytecode/layout";
import { ADDRESS_ONLY, SERVICE_PROBES, type ServiceEntry, SLOT_FREE } from "../../records/balance.ts";
import { SERVICES } from "./maps.bpf.ts";
import { serviceSlots } from "./settings.bpf.ts";

/** Factors of the hash, which user space computes too (`service-slots.ts`). Only the administrator fills this table, so nobody else can make it slow. */
const FACTOR_HIGH = u64.of(0x8648_dbdb_64f2_a2b1n);
const FACTOR_LOW = u64.of(0x9e37_79b9_7f4a_7c15n);
const FACTOR_ENDS = u64.of(0xd6e8_feb8_6659_fd93n);

/** The slot with exactly this address, port and protocol. */
function find(high: u64, low: u64, ends: u32): Value<typeof ServiceEntry> | null {
  const hash: u32 = ((high * FACTOR_HIGH + low * FACTOR_LOW + ends * FACTOR_ENDS) >> 32) as u32;
  const first: u32 = (((hash as u64) * serviceSlots) >> 32) as u32;
  for (let probe: u32 = 0; probe < SERVICE_PROBES; probe++) {
    // There are so many slots behind the last one that is hashed to.
    const entry = SERVICES.lookup(first + probe);
    if (entry === null) return null;
    if (entry.ends === ends && entry.low === low && entry.high === high) return entry;
    if (entry.ends === SLOT_FREE) return null;
  }
  return null;
}

/** The service at an address, port (as it lies in the packet) and protocol: its own, or the one that has all ports. */
export function findService(high: u64, low: u64, port: u16, protocol: u32): Value<typeof ServiceEntry> | null {
  const exact = find(high, low, (protocol << 16) | port);
  if (exact !== null) return exact;
  return find(high, low, protocol << 16);
}

/** Whether any service has this address. */
export function isServiceAddress(high: u64, low: u64): boolean {
  return find(high, low, ADDRESS_ONLY) !== null;
}
