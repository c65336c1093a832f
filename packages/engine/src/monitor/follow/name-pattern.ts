import type { NetworkInterface } from "@weir/kernel";

/** Whether a name stands for all that match: `veth*`. Names of interfaces themselves hardly have these characters. */
export function isPattern(name: string): boolean {
  return /[*?]/.test(name);
}

/** Whether one of an interface's names is this one, or matches this pattern: `*` is any text, `?` any character. */
export function isNamed({ name, alternativeNames }: NetworkInterface, wanted: string): boolean {
  const pieces = wanted.split(/([*?])/).map((piece) => {
    if (piece === "*") return ".*";
    return piece === "?" ? "." : piece.replace(/[\\^$.+()[\]{}|]/g, "\\$&");
  });
  const expression = new RegExp(`^${pieces.join("")}$`, "su");
  return [name, ...alternativeNames].some((candidate) => expression.test(candidate));
}
