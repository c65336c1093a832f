import type { AluOperation, AtomicOperation, Comparison, Effect, Form, OperandField, WideConstant } from "./form.ts";
import type { Instruction } from "./instruction.ts";

// Instruction classes and modifiers (RFC 9669, sections 4 and 5).
const LD = 0x00;
const LDX = 0x01;
const ST = 0x02;
const STX = 0x03;
const ALU = 0x04;
const JMP = 0x05;
const JMP32 = 0x06;
const ALU64 = 0x07;
const REGISTER = 0x08;
const MEM = 0x60;
const MEMSX = 0x80;
const ATOMIC = 0xc0;
const FETCH = 0x01;

const sizes = { 8: 0x10, 16: 0x08, 32: 0x00, 64: 0x18 } as const;
const operandKinds = ["immediate", "register"] as const;

function form(effect: Effect, opcode: number, operands: readonly OperandField[], text: string, fixed = {}): Form {
  return Object.freeze({ name: formName(effect), opcode, fixed, operands, text, effect });
}

/** Effects are written with their fields in the order in which `Effect` declares them. */
function formName(effect: Effect): string {
  return Object.values(effect).join(" ");
}

const alu: readonly [operation: AluOperation, code: number, symbol: string, offset: number][] = [
  ["add", 0x00, "+=", 0],
  ["sub", 0x10, "-=", 0],
  ["mul", 0x20, "*=", 0],
  ["div", 0x30, "/=", 0],
  ["sdiv", 0x30, "s/=", 1],
  ["or", 0x40, "|=", 0],
  ["and", 0x50, "&=", 0],
  ["shl", 0x60, "<<=", 0],
  ["shr", 0x70, ">>=", 0],
  ["mod", 0x90, "%=", 0],
  ["smod", 0x90, "s%=", 1],
  ["xor", 0xa0, "^=", 0],
  ["mov", 0xb0, "=", 0],
  ["sar", 0xc0, "s>>=", 0],
];

function* aluForms(): Generator<Form> {
  for (const width of [32, 64] as const) {
    const code = width === 64 ? ALU64 : ALU;
    const r = width === 64 ? "r" : "w";
    for (const [operation, bits, symbol, offset] of alu) {
      for (const operand of operandKinds) {
        const [flag, field, right] =
          operand === "register"
            ? ([REGISTER, "source", `{source:${r}}`] as const)
            : ([0, "immediate", "{immediate}"] as const);
        yield form(
          { kind: "alu", operation, width, operand },
          code | bits | flag,
          ["destination", field],
          `{destination:${r}} ${symbol} ${right}`,
          { offset },
        );
      }
    }
    yield form({ kind: "negate", width }, code | 0x80, ["destination"], `{destination:${r}} = -{destination:${r}}`);
    for (const from of width === 64 ? ([8, 16, 32] as const) : ([8, 16] as const)) {
      yield form(
        { kind: "sign-extend", from, width },
        code | 0xb0 | REGISTER,
        ["destination", "source"],
        `{destination:${r}} = (s${from}){source:${r}}`,
        { offset: from },
      );
    }
  }
  for (const [to, code, word] of [
    ["little", ALU, "le"],
    ["big", ALU | REGISTER, "be"],
    ["other", ALU64, "bswap"],
  ] as const) {
    for (const width of [16, 32, 64] as const) {
      const text = `{destination:r} = ${word}${width} {destination:r}`;
      yield form({ kind: "byte-order", to, width }, code | 0xd0, ["destination"], text, { immediate: width });
    }
  }
}

const jumps: readonly [comparison: Comparison, code: number, symbol: string][] = [
  ["eq", 0x10, "=="],
  ["ugt", 0x20, ">"],
  ["uge", 0x30, ">="],
  ["set", 0x40, "&"],
  ["ne", 0x50, "!="],
  ["sgt", 0x60, "s>"],
  ["sge", 0x70, "s>="],
  ["ult", 0xa0, "<"],
  ["ule", 0xb0, "<="],
  ["slt", 0xc0, "s<"],
  ["sle", 0xd0, "s<="],
];

function* jumpForms(): Generator<Form> {
  for (const width of [64, 32] as const) {
    const code = width === 64 ? JMP : JMP32;
    const r = width === 64 ? "r" : "w";
    for (const [comparison, bits, symbol] of jumps) {
      for (const operand of operandKinds) {
        const [flag, field, right] =
          operand === "register"
            ? ([REGISTER, "source", `{source:${r}}`] as const)
            : ([0, "immediate", "{immediate}"] as const);
        yield form(
          { kind: "jump", comparison, width, operand },
          code | bits | flag,
          ["destination", field, "offset"],
          `if {destination:${r}} ${symbol} ${right} goto {offset:jump}`,
        );
      }
    }
  }
  yield form({ kind: "goto", distance: "offset" }, JMP, ["offset"], "goto {offset:jump}");
  yield form({ kind: "goto", distance: "immediate" }, JMP32, ["immediate"], "gotol {immediate:jump}");
  yield form({ kind: "call", target: "helper" }, JMP | 0x80, ["immediate"], "call {immediate:helper}");
  yield form({ kind: "call", target: "function" }, JMP | 0x80, ["immediate"], "call pc{immediate:jump}", { source: 1 });
  const kernelFunction = "call kernel-function#{immediate}";
  // `offset` is the index of the module's BTF descriptor, 0 for the kernel itself.
  yield form({ kind: "call", target: "kernel-function" }, JMP | 0x80, ["offset", "immediate"], kernelFunction, {
    source: 2,
  });
  yield form({ kind: "exit" }, JMP | 0x90, [], "exit");
}

const atomics: readonly [operation: AtomicOperation, code: number, text: string][] = [
  ["add", 0x00, "lock *({type} *)({address}) += {source:r}"],
  ["or", 0x40, "lock *({type} *)({address}) |= {source:r}"],
  ["and", 0x50, "lock *({type} *)({address}) &= {source:r}"],
  ["xor", 0xa0, "lock *({type} *)({address}) ^= {source:r}"],
  ["fetch-add", 0x00 | FETCH, "{source:r} = atomic_fetch_add(({type} *)({address}), {source:r})"],
  ["fetch-or", 0x40 | FETCH, "{source:r} = atomic_fetch_or(({type} *)({address}), {source:r})"],
  ["fetch-and", 0x50 | FETCH, "{source:r} = atomic_fetch_and(({type} *)({address}), {source:r})"],
  ["fetch-xor", 0xa0 | FETCH, "{source:r} = atomic_fetch_xor(({type} *)({address}), {source:r})"],
  ["exchange", 0xe0 | FETCH, "{source:r} = xchg{width}({address}, {source:r})"],
  ["compare-exchange", 0xf0 | FETCH, "{accumulator} = cmpxchg{width}({address}, {accumulator}, {source:r})"],
];

function* memoryForms(): Generator<Form> {
  for (const width of [8, 16, 32, 64] as const) {
    const size = sizes[width];
    const place = "({destination:r} {offset:sum})";
    yield form(
      { kind: "load", width, signed: false },
      LDX | MEM | size,
      ["destination", "source", "offset"],
      `{destination:r} = *(u${width} *)({source:r} {offset:sum})`,
    );
    if (width !== 64) {
      yield form(
        { kind: "load", width, signed: true },
        LDX | MEMSX | size,
        ["destination", "source", "offset"],
        `{destination:r} = *(s${width} *)({source:r} {offset:sum})`,
      );
    }
    yield form(
      { kind: "store", width, operand: "register" },
      STX | MEM | size,
      ["destination", "source", "offset"],
      `*(u${width} *)${place} = {source:r}`,
    );
    yield form(
      { kind: "store", width, operand: "immediate" },
      ST | MEM | size,
      ["destination", "immediate", "offset"],
      `*(u${width} *)${place} = {immediate}`,
    );
  }
  for (const width of [32, 64] as const) {
    for (const [operation, code, template] of atomics) {
      const text = template
        .replace("{type}", `u${width}`)
        .replace("{width}", width === 64 ? "_64" : "32_32")
        .replace("{address}", "{destination:r} {offset:sum}")
        .replaceAll("{source:r}", width === 64 ? "{source:r}" : "{source:w}")
        .replaceAll("{accumulator}", width === 64 ? "r0" : "w0");
      const operands = ["destination", "source", "offset"] as const;
      yield form({ kind: "atomic", operation, width }, STX | ATOMIC | sizes[width], operands, text, {
        immediate: code,
      });
    }
  }
}

const wideConstants: readonly [of: WideConstant, source: number, text: string][] = [
  ["constant", 0, "{immediate:wide} ll"],
  ["map", 1, "map[{immediate}] ll"],
  ["map-value", 2, "map[{immediate}] + {next} ll"],
  ["variable", 3, "variable[{immediate}] ll"],
  ["function", 4, "function[{immediate:jump}] ll"],
  ["map-by-index", 5, "map-index[{immediate}] ll"],
  ["map-value-by-index", 6, "map-index[{immediate}] + {next} ll"],
];

function* wideForms(): Generator<Form> {
  for (const [of, source, text] of wideConstants) {
    const effect: Effect = { kind: "load64", of };
    yield form(effect, WIDE_LOAD, ["destination", "immediate"], `{destination:r} = ${text}`, { source });
  }
}

/** Opcode of the 64-bit immediate load, the only instruction that takes two slots. */
export const WIDE_LOAD: number = LD | 0x18;

/** The opcode table. Encoding, disassembly, the validity check and the machine all read it. */
export const forms: readonly Form[] = Object.freeze([...aluForms(), ...jumpForms(), ...memoryForms(), ...wideForms()]);

const byOpcode = Map.groupBy(forms, (candidate) => candidate.opcode);
const byName = new Map(forms.map((candidate) => [candidate.name, candidate]));

/** The form of an instruction; undefined when it is none of eBPF's, or a field that it does not use is not 0. */
export function formOf(instruction: Instruction): Form | undefined {
  const candidates = byOpcode.get(instruction.opcode);
  return candidates?.find(({ fixed, operands }) =>
    fieldNames.every((field) => operands.includes(field) || instruction[field] === (fixed[field] ?? 0)),
  );
}

const fieldNames = ["destination", "source", "offset", "immediate"] as const;

/** The form with this effect. Some combinations of widths and operations do not exist. */
export function formFor(effect: Effect): Form {
  const found = byName.get(formName(effect));
  if (found === undefined) throw new RangeError(`eBPF has no instruction "${formName(effect)}"`);
  return found;
}
