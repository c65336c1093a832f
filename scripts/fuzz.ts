/** `npm run fuzz`: looks for mistakes of the compiler with random programs, for as long as it is told to. */
import { parseArgs } from "node:util";
import { fuzzGarbage } from "./fuzz/garbage.ts";
import { fuzzMutants } from "./fuzz/mutants.ts";
import { fuzzPrograms } from "./fuzz/programs.ts";

const HELP = `Usage: npm run fuzz -- [--programs N] [--garbage N] [--mutants all|FILE] [--seed N] [--kernel [--cpu N]]

  --programs N  random programs, whose meaning is compared: typed tree, bytecode, and with --kernel the kernel
  --garbage N   random edits of valid programs, for which there must be an object or diagnostics with places
  --mutants all breaks the compiler's rules, all or those in a file, and sees that random programs find out
  --seed N      the first seed; a random one when it is left out
  --kernel      compare with the kernel, too (root)
  --cpu N       the CPU that this process stays on with --kernel; 0 when left out

Exit status: 0 nothing found, 1 something was.
`;

const { values } = parseArgs({
  options: {
    programs: { type: "string" },
    garbage: { type: "string" },
    mutants: { type: "string" },
    seed: { type: "string" },
    kernel: { type: "boolean", default: false },
    cpu: { type: "string", default: "0" },
  },
});
const write = (text: string): void => void process.stdout.write(text);
for (const name of ["programs", "garbage", "seed", "cpu"] as const) {
  if (values[name] !== undefined && !/^\d+$/.test(values[name]))
    throw new TypeError(`--${name} takes a number, not "${values[name]}"`);
}
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);

if (values.programs === undefined && values.garbage === undefined && values.mutants === undefined) write(HELP);
let failures = 0;
if (values.programs !== undefined) {
  failures += fuzzPrograms({
    count: Number(values.programs),
    seed,
    kernel: values.kernel,
    cpu: Number(values.cpu),
    write,
  });
}
if (values.garbage !== undefined) failures += await fuzzGarbage({ count: Number(values.garbage), seed, write });
if (values.mutants !== undefined) failures += fuzzMutants(values.mutants, write);
process.exitCode = failures === 0 ? 0 : 1;
