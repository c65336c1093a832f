import { Random } from "@weir/laboratory";
import { features } from "./features/index.ts";
import { frameOf, Generator } from "./generator.ts";
import { SCALARS, type Scalar } from "./records.ts";
import { Scope } from "./scope.ts";

/** A program, and the configuration values that it declares. */
export interface RandomProgram {
  readonly text: string;
  readonly configs: readonly { readonly name: string; readonly type: Scalar }[];
}

const LAYOUT_WORDS = [...SCALARS, "array", "bytes", "packed", "struct"];
const WORDS = [...new Set(features.flatMap(({ words = [] }) => words))];

/**
 * A random kernel program of all that the language has. The verifier takes it, since offsets, indices and loops are bounded.
 *
 * @param cpu that it will run on
 */
export function randomProgram(seed: number, cpu = 0): RandomProgram {
  const generator = new Generator(new Random(seed), features, cpu);
  const { random, configs } = generator;
  const declarations = features.flatMap(({ declare }) => declare?.(generator) ?? []);
  const functions = features.flatMap(({ functions: make }) => make?.(generator) ?? []);
  const lengths = ["length", "total"].map((name) => ({ name, type: "u32" as const, mutable: false }));
  const [header] = generator.packetRecords;
  const scope = new Scope(frameOf({ returns: "u32", isProgram: true, packet: true }), {
    variables: [...configs.map(({ name, type }) => ({ name, type, mutable: false })), ...generator.globals, ...lengths],
    records: [
      ...generator.globalRecords,
      ...(header === undefined ? [] : [{ name: "h", record: header, lies: "packet" } as const]),
    ],
    functions: generator.functions,
  });
  // Most programs are short, so that there are many of them.
  const body = generator.body(scope, random.pick([3, 4, 6, 8, 14]));
  const text = [
    `import { ${LAYOUT_WORDS.join(", ")}, type Value } from "@weir/bytecode/layout";`,
    `import { ${WORDS.join(", ")}, type XdpPacket, xdp } from "@weir/compiler/language";`,
    ...generator.records.map((record) => record.text),
    ...declarations,
    ...functions,
    "export const program = xdp((packet: XdpPacket) => {",
    `const h = packet.at(${header?.name ?? ""}, 0);`,
    "if (h === null) return 9;",
    "const length = packet.length;",
    "const total = packet.totalLength;",
    body,
    "});",
  ].join("\n");
  return { text, configs };
}
