const DOTTED = /^\d+(?:\.\d+)*$/;

/** The address of four, or of a net of fewer, numbers with dots between them, from the left; a reason where it is none. */
export function ipv4Of(text: string): { readonly value: number; readonly bits: number } | string {
  const parts = text.split(".");
  const isAmbiguous = parts.some((part) => /^0\d/.test(part));
  if (isAmbiguous) return `"${text}" has a number that begins with 0, which some programs read as octal`;
  if (!DOTTED.test(text) || parts.length > 4 || parts.some((part) => Number(part) > 255)) {
    return `"${text}" is not an address of IPv4`;
  }
  const value = parts.reduce((sum, part, index) => sum + Number(part) * 2 ** (24 - 8 * index), 0);
  return { value, bits: parts.length * 8 };
}

/** The four words of an address of IPv6; undefined where it is none (RFC 4291, 2.2). */
export function ipv6Of(text: string): readonly [number, number, number, number] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, index) => groupsOf(half, index === halves.length - 1));
  if (head === undefined) return undefined;
  const isShort = halves.length === 2;
  if (isShort && tail === undefined) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (isShort ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...(tail ?? [])];
  const word = (index: number): number => (groups[index] ?? 0) * 0x1_0000 + (groups[index + 1] ?? 0);
  return [word(0), word(2), word(4), word(6)];
}

/** Groups of 16 bits; the last two may be written as an address of IPv4. */
function groupsOf(text: string, isLast: boolean): number[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const dotted = isLast && parts.at(-1)?.includes(".") ? ipv4Of(parts.pop() ?? "") : undefined;
  if (typeof dotted === "string" || (dotted !== undefined && dotted.bits !== 32)) return undefined;
  if (parts.some((part) => !/^[0-9a-fA-F]{1,4}$/.test(part))) return undefined;
  const groups = parts.map((part) => Number.parseInt(part, 16));
  return dotted === undefined ? groups : [...groups, Math.floor(dotted.value / 0x1_0000), dotted.value % 0x1_0000];
}

/** The first two and the last four bytes of an address of hardware, in any of the ways in which it is written. */
export function macOf(text: string): { readonly first: number; readonly last: number } {
  const separator = text.includes(":") ? ":" : text.includes("-") ? "-" : ".";
  const parts = text.split(separator);
  const digits = parts.map((part) => part.padStart(parts.length === 6 ? 2 : 4, "0")).join("");
  return { first: Number.parseInt(digits.slice(0, 4), 16), last: Number.parseInt(digits.slice(4), 16) };
}

/** The mask of so many bits from the left. */
export function maskOf(bits: number): number {
  return bits === 0 ? 0 : (0xffff_ffff << (32 - bits)) >>> 0;
}
