import { formOf, helperNumber, type ObjectSpec, type ProgramSpec } from "@weir/bytecode";

const PRINT = new Set([helperNumber("bpf_trace_printk"), helperNumber("bpf_trace_vprintk")]);
/** The register of a helper's first argument: the format. */
const FORMAT = 1;
/** How far before a call its arguments are set, at most. */
const REACH = 24;

/**
 * What lines an object's programs can print: all programs of the system print into one trace. Undefined where that cannot be told,
 * because a format is put together while the program runs.
 */
export function printedLines(object: ObjectSpec): RegExp | undefined {
  const formats = [...object.programs.values()].flatMap((program) => formatsOf(program, object));
  if (formats.some((format) => format === undefined)) return undefined;
  return new RegExp(`^(?:${[...new Set(formats)].map(pattern).join("|")})$`);
}

/** Whether any program prints. */
export function prints({ programs }: ObjectSpec): boolean {
  return [...programs.values()].some((program) => printCalls(program).length > 0);
}

function printCalls({ instructions }: ProgramSpec): number[] {
  return instructions.flatMap((instruction, slot) => {
    const effect = formOf(instruction)?.effect;
    const isPrint = effect?.kind === "call" && effect.target === "helper" && PRINT.has(instruction.immediate);
    return isPrint ? slot : [];
  });
}

function formatsOf(program: ProgramSpec, { maps }: ObjectSpec): (string | undefined)[] {
  const references = new Map(program.references.map((reference) => [reference.slot, reference]));
  return printCalls(program).map((call) => {
    for (let slot = call - 1; slot >= Math.max(0, call - REACH); slot -= 1) {
      const instruction = program.instructions[slot];
      const effect = instruction && formOf(instruction)?.effect;
      if (effect === undefined || effect.kind === "store") continue;
      // Another call destroys the register, a jump may come from where it was set otherwise.
      if (effect.kind === "call" || effect.kind === "goto" || effect.kind === "exit") return undefined;
      if (effect.kind === "jump" || instruction?.destination !== FORMAT) continue;
      const reference = references.get(slot);
      if (reference?.kind !== "map-value") return undefined;
      const map = maps.get(reference.map);
      return map?.name.startsWith(".rodata") ? textAt(map.contents, reference.offset) : undefined;
    }
    return undefined;
  });
}

function textAt(contents: Uint8Array | undefined, offset: number): string | undefined {
  if (contents === undefined) return undefined;
  const end = contents.indexOf(0, offset);
  return new TextDecoder().decode(contents.subarray(offset, end < 0 ? undefined : end));
}

/** Of a format such as `port %d from %pI4`, each conversion stands for anything. */
function pattern(format: string | undefined): string {
  const parts = (format ?? "").replace(/\n$/, "").split(/%[-+ #0]*\d*(?:\.\d+)?(?:p[a-zA-Z]*\d*|[a-zA-Z]{1,3})/);
  return parts.map((text) => text.replaceAll("%%", "%").replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("[^]*");
}
