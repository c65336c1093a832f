/**
 * `npm run fuzz`: looks for mistakes of the compiler with random programs, for as long as it is told to.
 *
 *   --programs N   random programs whose meaning is compared: typed tree, bytecode and, with --kernel, the kernel
 *   --seed N       the first seed; a random one when it is left out
 *   --kernel       also in the kernel (root)
 */
import { parseArgs } from "node:util";
import { fuzzPrograms } from "./fuzz/programs.ts";

const { values } = parseArgs({
  options: { programs: { type: "string" }, seed: { type: "string" }, kernel: { type: "boolean" } },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const write = (text: string): void => void process.stdout.write(text);

const failures = fuzzPrograms({ count: Number(values.programs ?? 1000), seed, kernel: values.kernel ?? false, write });
process.exitCode = failures === 0 ? 0 : 1;
