import { decodeUtf8 } from "../../utf8.ts";
import type { Memory } from "../memory.ts";

/** The longest text that `%s` reads. */
const LONGEST = 512;

/**
 * What the kernel's printf for programs makes of a format (`bpf_bprintf_prepare`): flags, width, `l` and `ll`, and
 * `d i u x X p s c`, IP addresses by `%pI4` and `%pI6`. Undefined for what it does not take.
 */
export function formatText(format: string, values: readonly bigint[], memory: Memory): string | undefined {
  let next = 0;
  let isValid = true;
  const text = format.replaceAll(
    /%(%|([-+ #0]*)(\d*)(ll?|h{1,2})?([diuxXsc]|p(?:[iI][46]|[ksB]|[uk]s)?)?)/g,
    (_, all: string, flags: string, width: string, size: string | undefined, kind: string | undefined) => {
      if (all === "%") return "%";
      const value = values[next++];
      if (kind === undefined || value === undefined) {
        isValid = false;
        return "";
      }
      return pad(one(kind, flags, size, value, memory), flags, Number(width));
    },
  );
  return isValid ? text : undefined;
}

function one(kind: string, flags: string, size: string | undefined, value: bigint, memory: Memory): string {
  const bits = size === "l" || size === "ll" ? 64 : 32;
  switch (kind) {
    case "d":
    case "i": {
      const signed = BigInt.asIntN(bits, value);
      return signed >= 0n && flags.includes("+") ? `+${signed}` : `${signed}`;
    }
    case "u":
      return `${BigInt.asUintN(bits, value)}`;
    case "x":
      return `${flags.includes("#") ? "0x" : ""}${BigInt.asUintN(bits, value).toString(16)}`;
    case "X":
      return `${flags.includes("#") ? "0X" : ""}${BigInt.asUintN(bits, value).toString(16).toUpperCase()}`;
    case "c":
      return String.fromCharCode(Number(value & 0xffn));
    case "s":
      return decodeUtf8(memory.readText(value, LONGEST) ?? new Uint8Array());
    case "pI4":
    case "pi4":
      return memory.read(value, 4).join(".");
    case "pI6":
    case "pi6": {
      const digits = Array.from(memory.read(value, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
      return kind === "pi6" ? digits : (digits.match(/.{4}/g) ?? []).join(":");
    }
    default:
      return value.toString(16).padStart(16, "0");
  }
}

function pad(text: string, flags: string, width: number): string {
  if (flags.includes("-")) return text.padEnd(width);
  if (!flags.includes("0")) return text.padStart(width);
  const [, sign = "", digits = ""] = /^([-+]?)(.*)$/.exec(text) ?? [];
  return sign + digits.padStart(width - sign.length, "0");
}
