import { POISON_HELPER, type ProgramSpec } from "@weir/bytecode";
import { kernelFunctions } from "@weir/bytecode/kernel-functions";
import type { Evidence } from "../evidence.ts";
import { inWords } from "../range.ts";
import type { Explanation, Refusal } from "../refusal.ts";

const GPL = 'Choose a licence that is compatible with the GPL, such as "Dual MIT/GPL".';

/** Calls of helpers and of the kernel's functions. */
export const callRefusals: readonly Refusal[] = [
  {
    kind: "relocation",
    pattern: /invalid func unknown#(\d+)/,
    explain([, number], { lacking }) {
      if (lacking === undefined && Number(number) !== POISON_HELPER) return undefined;
      return {
        meaning: [
          lacking === undefined
            ? "The running kernel's types lack what is accessed here."
            : `This kernel has no ${lacking}.`,
        ],
        fix: "Correct its name or type, or ask first whether it exists, so that the verifier takes this code for unreachable where it does not.",
      };
    },
  },
  {
    kind: "helper",
    pattern: /invalid func (unknown#\d+)/,
    explain: ([, name = ""]) => ({
      meaning: [`This kernel has no helper ${name.replace("unknown#", "number ")}.`],
      fix: "Do without it, or load the program on a newer kernel.",
    }),
  },
  {
    kind: "helper",
    pattern: /(?:unknown func|program of this type cannot use helper) (\w+)#\d+/,
    explain: ([, name = ""], { program }) => ({
      meaning: [`Programs of type ${program.type} may not call ${name} on this kernel.`],
      fix: "Call it in a program of a type that may; bpf-helpers(7) says which.",
    }),
  },
  {
    kind: "helper",
    pattern: /helper call might sleep|sleepable/,
    explain: (_, evidence) => ({
      meaning: [`${evidence.called} may sleep, and this program runs where nothing may.`],
      fix: "Call it in a sleepable program.",
    }),
  },
  {
    kind: "licence",
    pattern: /cannot call GPL-restricted function|from non-GPL compatible program/,
    explain: (_, evidence) => ({
      meaning: [`${evidence.called} is there for programs under the GPL alone.`],
      fix: GPL,
    }),
  },
  {
    kind: "kernel-function",
    pattern: /metadata kfuncs require device-bound program/,
    explain: (_, { program }) => ({
      meaning: [`${boundFunction(program)} asks the driver of one interface, and the program was loaded for all.`],
      fix: "Load it for the interface that it will run on: object.program(name, { boundTo: index }).",
    }),
  },
  {
    kind: "kernel-function",
    pattern: /calling kernel function (\w+) is not allowed/,
    explain: ([, name = ""], { program }) => ({
      meaning: [`Programs of type ${program.type} may not call the kernel's ${name}.`],
      fix: "Call it in a program of a type that may.",
    }),
  },
  {
    kind: "kernel-function",
    pattern:
      /kernel btf_id (\d+) is not a (?:kernel )?function|kernel function btf_id (\d+)|cannot find .*kfunc|kernel function .* (?:not found|does not exist)/,
    explain: ([, id, other], evidence) => ({
      meaning: ["This kernel has no such function of its own."],
      fix: "Do without it, or load the program on a kernel that has it.",
      slot: kernelCall(Number(id ?? other), evidence),
    }),
  },
  {
    kind: "map-type",
    pattern: /cannot pass map_type (\d+) into func (\w+)#/,
    explain: ([, , name = ""], evidence) => ({
      meaning: [
        `${name} does not work on maps of the type that ${evidence.mapIn(mapArgument(evidence)) ?? "this one"} has.`,
      ],
      fix: "Use the operations that the map's type has.",
    }),
  },
  {
    kind: "argument-constant",
    pattern: /(R\d+) is not a known constant/,
    explain: ([, register = ""], evidence) => ({
      meaning: [`${evidence.called} takes a constant as ${nth(register)} argument.`],
      cause: evidence.causeOf("the argument", register),
      fix: "Write the number itself, or a config().",
    }),
  },
  {
    kind: "argument-range",
    pattern: /(?:(R\d+) )?invalid (?:zero-sized read|access to .* size=0)/,
    explain([, register = ""], evidence) {
      const argument = register || (lengthArgument(evidence) ?? "");
      return {
        meaning: [`The length that ${callee(evidence)} is given may be 0.`],
        cause: evidence.causeOf("the length", argument),
        fix: "Compare it with 0 first, and with the most that there is room for.",
      };
    },
  },
  {
    kind: "argument-range",
    pattern: /(R\d+) (?:min value is negative, either use unsigned or|unbounded memory access, use)/,
    explain([, register = ""], evidence) {
      const range = evidence.state(register)?.range;
      return {
        meaning: [
          `The length that ${callee(evidence)} is given may be ${range === undefined ? "anything" : inWords(range)}.`,
        ],
        cause: evidence.causeOf("the length", register),
        fix: "Compare it first with the most that there is room for, as an unsigned number.",
      };
    },
  },
  {
    kind: "function-argument",
    pattern: /Caller passes invalid args into func#\d+(?: \('(\w+)'\))?/,
    explain: ([, name]) => ({
      meaning: [
        `The function${name === undefined ? "" : ` ${name}`} is verified alone, and does not get what its types say.`,
      ],
      fix: "Test what may be null before the call, and pass whole records.",
    }),
  },
  {
    kind: "argument-type",
    pattern: /(?:(R\d+) type=(\w+) expected=(.*)|arg#?(\d).* (?:expected|must be|is not|has to be) (.*))/,
    explain: ([, register, type = "", expected = ""], evidence) => argument(register, type, expected, evidence),
  },
];

/** The verifier does not say which, nor where. */
function boundFunction({ references }: ProgramSpec): string {
  const names = references.flatMap((one) => (one.kind === "kernel-function" ? one.name : []));
  return names.find((name) => kernelFunctions.get(name)?.deviceBound) ?? "What is called";
}

function argument(register: string | undefined, type: string, expected: string, evidence: Evidence): Explanation {
  if (register === undefined)
    return { meaning: [`${evidence.called} is given an argument of another type than it takes.`] };
  const origin = type === "scalar" || type === "inv" ? evidence.origin(register) : undefined;
  return {
    meaning: [
      `${evidence.called} takes ${inTypes(expected)} as ${nth(register)} argument, and is given ${TYPES.get(type) ?? `a ${type}`}.`,
    ],
    cause:
      origin?.effect?.kind === "load" ? { slot: origin.slot, words: `it is ${evidence.describe(origin)}` } : undefined,
    fix: "Give it the address of a record, or of the map, that it works on.",
  };
}

const TYPES = new Map([
  ["scalar", "a number"],
  ["inv", "a number"],
  ["ctx", "the program's context"],
  ["fp", "an address on the stack"],
  ["pkt", "an address in the packet"],
  ["map_value", "a map's value"],
  ["map_ptr", "a map"],
]);

function inTypes(expected: string): string {
  const [first = "", ...others] = expected.split(", ");
  return others.length > 0 ? "memory" : (TYPES.get(first) ?? `a ${first}`);
}

const callee = (evidence: Evidence): string => evidence.calleeAt(evidence.log.slot);

function nth(register: string): string {
  return ["its", "its first", "its second", "its third", "its fourth", "its fifth"][Number(register.slice(1))] ?? "its";
}

/** The argument that has the map: the first one that is one. */
function mapArgument(evidence: Evidence): string {
  return ["R1", "R2", "R3"].find((register) => evidence.mapIn(register) !== undefined) ?? "R1";
}

/** The argument that may be 0 and is no address. */
function lengthArgument(evidence: Evidence): string | undefined {
  return ["R5", "R4", "R3", "R2"].find((register) => {
    const state = evidence.state(register);
    return state?.type === "scalar" && state.range.min <= 0n && state.range.max > 0n;
  });
}

function kernelCall(id: number, evidence: Evidence): number | undefined {
  const slot = evidence.program.instructions.findIndex(({ immediate }, index) => {
    const effect = evidence.effectAt(index);
    return immediate === id && effect?.kind === "call" && effect.target === "kernel-function";
  });
  return slot < 0 ? undefined : slot;
}
