import { type CompileOptions, PASS_NAMES } from "@weir/codegen";
import { Random } from "@weir/laboratory";
import type { RandomProgram } from "./random-program.ts";

/** How the values of a program's `config()`s come to it: its own ones, set before load, or fixed while compiling. */
export type ConfigTime = "initial" | "patched" | "fixed";

/** How one random program is compiled. */
export interface Way {
  readonly name: string;
  readonly options: CompileOptions;
  readonly configTime: ConfigTime;
}

const CODE_WAYS: readonly [Pick<Way, "name" | "options">, ...Pick<Way, "name" | "options">[]] = [
  { name: "all passes", options: {} },
  { name: "no passes", options: { without: PASS_NAMES } },
  ...PASS_NAMES.map((pass) => ({ name: `without ${pass}`, options: { without: [pass] } })),
  ...[3, 4, 5].map((registers) => ({ name: `${registers} registers`, options: { registers } })),
  ...[3, 4].map((registers) => ({
    name: `no passes, ${registers} registers`,
    options: { without: PASS_NAMES, registers },
  })),
];
const CONFIG_TIMES = ["initial", "patched", "fixed"] as const;

export const WAY_NAMES: readonly string[] = CODE_WAYS.map(({ name }) => name);

/** Ways rotate over the seeds, so that many programs see each of them. */
export function wayOf(seed: number): Way {
  const way = CODE_WAYS[seed % CODE_WAYS.length] ?? CODE_WAYS[0];
  const configTime = CONFIG_TIMES[Math.floor(seed / CODE_WAYS.length) % CONFIG_TIMES.length] ?? "initial";
  return { ...way, configTime };
}

/** Values for the program's configuration other than its own ones. */
export function configValues(seed: number, { configs }: RandomProgram): Readonly<Record<string, bigint>> {
  const random = new Random(seed ^ 0x1f83d9ab);
  return Object.fromEntries(configs.map(({ name }) => [name, BigInt(random.below(128))]));
}
