import { number, rangeOf, type ValueRange } from "./range.ts";

/** What the verifier knows of a register or of a part of the stack. */
export interface RegisterState {
  /** The verifier's word: `scalar`, `pkt`, `map_value_or_null`, `fp`, … */
  readonly type: string;
  /** Of a number, all that it may be; of a pointer, what was added to it that is not known exactly. */
  readonly range: ValueRange;
  /** Bytes that were added to a pointer and are known exactly. */
  readonly offset: number;
  /** What else the verifier says: `vs` and `ks` of maps, `r` of the packet, `sz` of other memory, `id`, `map`. */
  readonly details: ReadonlyMap<string, string>;
}

/** Registers (`R1`) and parts of the stack (`fp-8`) of one frame. */
export interface FrameState {
  /** How many calls of the program's own functions deep. */
  readonly frame: number;
  readonly values: ReadonlyMap<string, RegisterState>;
}

const FRAME = /^frame(\d+): ?/;
/** `R1_w=`, `R1=`, `fp-8_w=`: the letters say whether it was read, and changed nothing. */
const PLACE = /^(R\d+|fp-\d+)(?:_\w+)?=(.*)$/;
/** `P` before a value says that it is known to matter. */
const VALUE = /^P?([a-z]\w*?)?(-?\d+)?(?:\((.*)\))?$/;

/** Whether a text begins as states do. */
export const isState = (text: string): boolean =>
  /^(?:frame\d+: ?)?(?:R\d+(?:_\w+)?=|fp-\d+(?:_\w+)?=|refs=)/.test(text);

/** Reads `frame1: R0_w=scalar(umax=255,var_off=(0x0; 0xff)) R10=fp0 fp-8=mmmm????`. */
export function readState(text: string): FrameState {
  const frame = Number(FRAME.exec(text)?.[1] ?? 0);
  const values = new Map<string, RegisterState>();
  for (const word of split(text.replace(FRAME, ""), " ")) {
    const [, place, value] = PLACE.exec(word) ?? [];
    const state = value === undefined ? undefined : readValue(value);
    if (place !== undefined && state !== undefined) values.set(place, state);
  }
  return { frame, values };
}

function readValue(text: string): RegisterState | undefined {
  const constant = number(text.replace(/^P/, ""));
  if (constant !== undefined) return scalar({ min: constant, max: constant });
  const [, type, offset, inside] = VALUE.exec(text) ?? [];
  // `0000????` and `mmmm`: bytes on the stack.
  if (type === undefined || (inside === undefined && /^[mf]{2,}/.test(text))) return undefined;
  const details = new Map<string, string>();
  for (const part of split(inside ?? "", ",")) {
    // `smax=umax=255` says the same of both; brackets hold a number and a mask.
    const [, names = "", value = ""] = /^([\w=]+)=([^=]*)$/.exec(part) ?? [];
    for (const name of names.split("=")) details.set(name, value);
  }
  // What is not said of a pointer is not unknown, but nothing.
  const isBounded = [...details.keys()].some((name) => /^[su](min|max)$/.test(name));
  const range = type === "scalar" || type === "inv" || isBounded || details.has("var_off") ? rangeOf(details) : NOTHING;
  return { type: type === "inv" ? "scalar" : type, range, offset: Number(details.get("off") ?? offset ?? 0), details };
}

const NOTHING: ValueRange = { min: 0n, max: 0n };
const scalar = (range: ValueRange): RegisterState => ({ type: "scalar", range, offset: 0, details: new Map() });

/** Splits where no bracket is open. */
function split(text: string, separator: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (character === separator && depth === 0) parts.push("");
    else parts.push(`${parts.pop()}${character}`);
  }
  return parts.filter((part) => part !== "");
}
