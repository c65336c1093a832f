/** `02:00:00:00:00:01` to its six bytes. */
export function macBytes(text: string): Uint8Array {
  const parts = text.split(":");
  if (parts.length !== 6 || !parts.every((part) => /^[0-9a-f]{2}$/i.test(part))) {
    throw new TypeError(`"${text}" is not a MAC address`);
  }
  return Uint8Array.from(parts, (part) => Number.parseInt(part, 16));
}

/** `192.0.2.1` to its four bytes. */
export function ipv4Bytes(text: string): Uint8Array {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) {
    throw new TypeError(`"${text}" is not an IPv4 address`);
  }
  return Uint8Array.from(parts, Number);
}

/** `2001:db8::1` (also with a dotted IPv4 tail) to its sixteen bytes. */
export function ipv6Bytes(text: string): Uint8Array {
  const halves = text.split("::");
  const [left, right] = [groups(halves[0] ?? ""), groups(halves[1] ?? "")];
  const missing = 16 - left.length - right.length;
  const valid = halves.length === 1 ? missing === 0 : halves.length === 2 && missing >= 2;
  if (!valid || [...left, ...right].some(Number.isNaN)) throw new TypeError(`"${text}" is not an IPv6 address`);
  return Uint8Array.from([...left, ...new Array<number>(missing).fill(0), ...right]);
}

function groups(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (group.includes(".")) return [...ipv4Bytes(group)];
    const value = /^[0-9a-f]{1,4}$/i.test(group) ? Number.parseInt(group, 16) : Number.NaN;
    return [value >> 8, Number.isNaN(value) ? value : value & 0xff];
  });
}
