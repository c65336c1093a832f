import { array, be16, bytes, i64, struct, u8, u16, u32, u64, type Value } from "@weir/bytecode/layout";

const Entry = struct({ a: u8, b: be16, c: u64, list: array(u32, 4), mac: bytes(6), inner: struct({ x: u16, y: i64 }) });
type Entry = Value<typeof Entry>;
declare const entry: Entry;
declare const wide: u32;
declare const port: u16;

// What is allowed: literals, widening, nested records, elements, constants of 64 bits.
entry.a = 5;
entry.c = port;
entry.c += 1;
entry.c = u64.of(0x9e37_79b9_7f4a_7c15n);
entry.list[0] = port;
entry.inner.y = wide;
export const byte: u8 | undefined = entry.mac[5];
export const x: u16 = entry.inner.x;

// What is not: narrowing, and network order for host order.
export const a: u16 = wide;
export const b: u16 = entry.b;
entry.a = port;
