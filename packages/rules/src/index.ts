/**
 * Rules of weir's packet filter, and the sets of addresses that they name.
 *
 * @module
 */
export {};
