import { type CompileOptions, PASS_NAMES } from "../../src/index.ts";
import { controlFlowComplaint } from "../depth-first.ts";
import { compileRandom } from "./compile.ts";
import { generateProgram } from "./generate.ts";
import { INITIAL_ELEMENTS, packetsFor } from "./inputs.ts";
import { type Outcome, runOracle } from "./oracle.ts";
import { runMachine } from "./run-machine.ts";

/** How random programs are compiled, by name. */
export const WAYS: readonly (readonly [name: string, options: CompileOptions])[] = [
  ["with all passes", {}],
  ["with no passes", { without: PASS_NAMES }],
  ...PASS_NAMES.map((name) => [`without ${name}`, { without: [name] }] as const),
  ...[3, 4, 6].map((registers) => [`with ${registers} registers`, { registers }] as const),
  ["with no passes and 3 registers", { without: PASS_NAMES, registers: 3 }],
];

/** What verifiers say of the ways through it, or what it does otherwise than the program says, on the first packet where it does. */
export function differenceOf(seed: number, options: CompileOptions): string | undefined {
  const program = generateProgram(seed);
  const compiled = compileRandom(program, { ...options, verify: true });
  const complaint = controlFlowComplaint(compiled.instructions);
  if (complaint !== undefined) return `program ${seed}: verifiers before Linux 6.7 say ${complaint}`;
  for (const packet of packetsFor(seed)) {
    const [expected, actual] = [
      runOracle(program, packet, INITIAL_ELEMENTS),
      runMachine(compiled, packet, INITIAL_ELEMENTS),
    ].map(describe);
    if (expected !== actual)
      return `program ${seed}, packet of ${packet.length} bytes: ${actual} instead of ${expected}`;
  }
  return undefined;
}

const describe = ({ result, packet, elements }: Outcome): string =>
  `${result} ${Buffer.from(packet).toString("hex")} [${elements.join()}]`;
