import type { Feature } from "../feature.ts";

const AMBIENT = ["monotonicTime", "jiffies", "randomNumber"] as const;

/** Configuration values, targets of packets, and what the kernel alone knows. */
export const surroundings: Feature = {
  words: ["config", "cpuMap", "deviceMap", "deviceHashMap", "redirect", "cpuNumber", ...AMBIENT],
  declare: (generator) => {
    const { random, configs } = generator;
    const types = ["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64"] as const;
    for (let index = 0; index < 2; index++) configs.push({ name: `c${index}`, type: random.pick(types) });
    return [
      "const CPUS = cpuMap({ maxEntries: 4 });",
      "const PORTS = deviceMap({ maxEntries: 4 });",
      "const NEIGHBOURS = deviceHashMap({ maxEntries: 4 });",
      ...configs.map(({ name, type }) => `const ${name} = config("${name}", ${type}, ${random.below(128)});`),
    ];
  },
  expressions: [
    // A verdict that sends the packet elsewhere; the maps have no targets.
    [
      1,
      (type, scope, depth, { random, values }) => {
        if (type !== "u32") return undefined;
        const number = () => values.wide("u32", scope, depth - 1);
        const map = random.pick(["CPUS", "PORTS", "NEIGHBOURS"]);
        return random.pick([
          `redirect(${number()})`,
          `${map}.redirect(${number()})`,
          `${map}.redirect(${number()}, ${random.chance(50) ? random.below(4) : number()})`,
          `PORTS.broadcast(${random.pick([0, 16, 32, `(${number()} & 24)`])})`,
        ]);
      },
    ],
    // A call whose value nobody can know, so that it must not matter.
    [
      1,
      (type, _scope, _depth, { random }) => {
        const ones = type.endsWith("64")
          ? `${type}.of(${type === "i64" ? -1n : 2n ** 64n - 1n}n)`
          : type === "i32"
            ? "-1"
            : "0xffff_ffff";
        return `((${random.pick(AMBIENT)}() as ${type}) | ${ones})`;
      },
    ],
    [1, (type) => `(cpuNumber() as ${type})`],
  ],
};
