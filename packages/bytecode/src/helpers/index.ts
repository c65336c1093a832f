/**
 * What is known of the kernel's helper functions.
 *
 * @module
 */
export { helperNamed, helpers } from "./find.ts";
export type { Helper, HelperArgument, HelperInteger, MemoryAccess, MemorySize } from "./helper.ts";
export type { HelperName } from "./number.ts";
