/**
 * Where tests run their programs: `WEIR_TEST_IN` says `kernel` or `machine`, which is what it is when nothing is said.
 *
 * @example
 * ```ts
 * import { testsRunIn } from "@weir/testing";
 * import { test } from "vitest";
 *
 * test.skipIf(testsRunIn() === "kernel")("forgets after a minute", () => {});
 * ```
 * @throws {TypeError} when it says something else
 */
export function testsRunIn(): "machine" | "kernel" {
  const where = process.env.WEIR_TEST_IN ?? "machine";
  if (where === "machine" || where === "kernel") return where;
  throw new TypeError(`WEIR_TEST_IN is "${where}": say machine or kernel`);
}
