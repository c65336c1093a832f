import type { Layout, Value } from "@weir/bytecode/layout";

/**
 * A value patched into the program before it is loaded, with `withConfig(object, { limit: 50 })` in user space; where it is 0
 * the verifier deletes what depends on it.
 *
 * @example
 * ```ts
 * import { u32 } from "@weir/bytecode/layout";
 * import { config, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const limit = config("limit", u32, 1000);
 *
 * export const drop_long = xdp((packet) => (packet.length > limit ? XDP_DROP : XDP_PASS));
 * ```
 */
export declare function config<L extends Layout>(name: string, layout: L, initial: Value<L>): Value<L>;

/**
 * The licence of the programs of a file, as the kernel reads it; `"Dual MIT/GPL"` where no file says another. Under one that does not go
 * with the GPL some helpers cannot be called (WEIR1710).
 *
 * @example
 * ```ts
 * import { license, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const LICENSE = license("GPL");
 *
 * export const pass_all = xdp(() => XDP_PASS);
 * ```
 */
export declare function license(name: string): string;

/**
 * A number for tools that look at programs: it is in the types (BTF) of the object, and of its programs in the kernel, as libbpf's
 * `__uint(NAME, value) SEC(section)` is, under the name of the constant that it is assigned to (Linux 4.18). 32 bits at most.
 *
 * @param section where the tools look
 * @example
 * ```ts
 * import { metadata, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const dispatcher_version = metadata("xdp_metadata", 2);
 *
 * export const xdp_dispatcher = xdp(() => XDP_PASS);
 * ```
 */
export declare function metadata(section: string, value: number): number;
