/**
 * weir in a program: watch interfaces, attach monitors that outlive the process, replay captures.
 *
 * @example
 * ```ts
 * import { watch } from "weir";
 *
 * using monitor = watch(["eth0"], { interval: 1, sort: "bytes", limit: 10 });
 * for await (const [eth0] of monitor) {
 *   for (const { source, destination, bytes } of eth0?.connections ?? []) console.log(source, destination, bytes);
 * }
 * ```
 * @module
 */
export * from "@weir/engine";
