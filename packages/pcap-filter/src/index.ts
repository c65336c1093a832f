/**
 * The match language of pcap-filter(7).
 *
 * @module
 */
export { Filter } from "./filter.ts";
export { FilterError, type Span } from "./filter-error.ts";
