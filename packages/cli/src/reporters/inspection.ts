import { sourceText } from "@weir/bytecode";
import type {
  InspectedCode,
  InspectedFunction,
  InspectedMap,
  InspectedObject,
  InspectedProgram,
  LiveProgram,
} from "@weir/engine/development";
import { type Column, tableLines } from "../text/columns.ts";
import { printable } from "../text/printable.ts";
import { formatBytes, formatCount, plural } from "../text/units.ts";
import { flow, wrapWords } from "../text/wrap.ts";
import type { Look } from "./look.ts";

/** An object file: what it has as a whole, its maps, each program. */
export function objectText(file: string, object: InspectedObject, look: Look): string[] {
  const { license, size, configs, maps, programs } = object;
  const settings = configs.map(
    ({ name, bits, signed, value }) => `config ${printable(name)}: ${signed ? "i" : "u"}${bits} = ${value}`,
  );
  const title = [look.style("bold", printable(file)), formatBytes(size), printable(license) || "no licence"];
  return [
    ...flow([...title, ...settings], look.columns),
    ...(maps.length === 0 ? [] : ["", ...mapText(maps, look)]),
    ...programs.flatMap((program) => ["", ...programText(program, look)]),
  ];
}

/** A program in the kernel. */
export function liveProgramText(program: LiveProgram, look: Look): string[] {
  const { runs, runNanoseconds, machineSize, memory, verifiedInstructions, attachedTo } = program;
  const mean = runs === 0n ? "" : `, ${Math.round(Number(runNanoseconds) / Number(runs))} ns each`;
  const title = [
    look.style("bold", `${printable(program.name)} (id ${program.id})`),
    look.style("cyan", program.type),
    `tag ${program.tag}`,
    `loaded ${program.loadedAt.toISOString()} by user ${program.userId}`,
    plural(program.instructions, "instruction"),
    machineSize === 0 ? "interpreted" : `${formatBytes(machineSize)} of machine code`,
    ...(memory === undefined ? [] : [`${formatBytes(memory)} of memory`]),
    `${plural(verifiedInstructions, "instruction")} verified`,
    `${plural(runs, "run")} counted${mean}`,
  ];
  const where = attachedTo.length === 0 ? "nowhere" : attachedTo.map(printable).join(", ");
  return [
    ...flow(title, look.columns),
    ...wrapWords(`attached to: ${where}`, look.columns),
    ...(program.maps.length === 0 ? [] : ["", ...mapText(program.maps, look)]),
    ...codeText(program, look),
  ];
}

/** Maps as a table. */
export function mapText(maps: readonly InspectedMap[], look: Look): string[] {
  const ids = maps.some(({ id }) => id !== undefined);
  const memory = maps.some((map) => map.memory !== undefined);
  const { titles, rows } = tableLines([
    ...(ids ? [column("ID", "right", maps, ({ id }) => String(id ?? ""))] : []),
    column("MAP", "left", maps, ({ name }) => printable(name)),
    column("TYPE", "left", maps, ({ type }) => type),
    column("ENTRIES", "right", maps, ({ maxEntries }) => formatCount(maxEntries)),
    column("KEY", "right", maps, ({ keySize }) => sizeText(keySize)),
    column("VALUE", "right", maps, ({ valueSize }) => sizeText(valueSize)),
    ...(memory ? [column("MEMORY", "right", maps, (map) => formatBytes(map.memory ?? 0))] : []),
  ]);
  const types = maps.map(({ key, value }) => {
    const text = printable([key, value].filter((type) => type !== null).join(" → "));
    const lines = text === "" ? [] : wrapWords(text, Math.max(20, look.columns - INDENT.length));
    return lines.map((line) => look.style("cyan", INDENT + line));
  });
  return [look.style("dim", titles), ...rows.flatMap((row, index) => [row, ...(types[index] ?? [])])];
}

/** A ring buffer has no key and no value. */
const sizeText = (size: number): string => (size === 0 ? "—" : `${size} B`);

/** Before what belongs to the line above. */
const INDENT = "    ";

function programText(program: InspectedProgram, look: Look): string[] {
  const { name, section, instructions, maps, kernel, verifier } = program;
  const title = [
    look.style("bold", `program ${printable(name)}`),
    look.style("cyan", printable(section)),
    plural(instructions, "instruction"),
    `Linux ${kernel}`,
    ...(maps.length === 0 ? [] : [`maps ${maps.map(printable).join(", ")}`]),
  ];
  const verified =
    verifier === undefined
      ? []
      : [
          `verifier: ${plural(verifier.instructions, "instruction")} in ${formatCount(verifier.microseconds)} µs`,
          `${plural(verifier.states, "state")}, at most ${formatCount(verifier.peakStates)} at a time`,
          `stack ${verifier.stack.join(" + ")} B`,
        ];
  return [...flow(title, look.columns), ...flow(verified, look.columns), ...codeText(program, look)];
}

function codeText({ functions, helpers, listing }: InspectedCode, look: Look): string[] {
  return [
    ...(helpers.length === 0 ? [] : wrapWords(`calls ${helpers.map(printable).join(", ")}`, look.columns)),
    ...functionText(functions, look),
    ...(listing.length === 0 ? [] : [""]),
    ...listing.flatMap(({ slot, text, note, function: name, source }) => [
      ...(name === undefined ? [] : [look.style("bold", `${printable(name)}:`)]),
      ...(source === undefined ? [] : [look.style("cyan", `; ${printable(sourceText(source))}`)]),
      `${String(slot).padStart(4)}: ${text}${note === undefined ? "" : look.style("dim", ` ; ${printable(note)}`)}`,
    ]),
  ];
}

/** The stack: of a program without functions of its own in a line, otherwise as a table. */
function functionText(functions: readonly InspectedFunction[], look: Look): string[] {
  const [first, ...others] = functions;
  if (first === undefined) return [];
  if (others.length === 0) return [`stack ${first.stack} of 512 B`];
  const { titles, rows } = tableLines([
    column("FUNCTION", "left", functions, ({ name }) => printable(name)),
    column("INSTRUCTIONS", "right", functions, ({ instructions }) => formatCount(instructions)),
    column("STACK", "right", functions, ({ stack }) => `${stack} B`),
    column("WITH CALLS", "right", functions, ({ deepest }) => `${deepest} B`),
    column("CALLS", "left", functions, ({ calls }) => calls.map(printable).join(", ")),
  ]);
  return [look.style("dim", titles), ...rows];
}

function column<Row>(title: string, align: Column["align"], rows: readonly Row[], cell: (row: Row) => string): Column {
  return { title, align, cells: rows.map(cell) };
}
