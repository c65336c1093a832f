/**
 * The match language of pcap-filter(7).
 *
 * @module
 */
export { Filter, type FilterOptions } from "./filter.ts";
export { FilterError, type Span } from "./filter-error.ts";
export type { Sets } from "./match.ts";
export { ipv4Of, ipv6Of } from "./meaning/addresses.ts";
export type { MemberKind } from "./meaning/predicate.ts";
export type { SetKind, SetUse } from "./meaning/set-use.ts";
export type { VlanReading } from "./meaning/vlan-reading.ts";
