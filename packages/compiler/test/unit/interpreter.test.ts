import { describe, expect, test } from "vitest";
import { check, formatDiagnostics, Interpreter } from "../../src/index.ts";

const FILE = "/test/program.bpf.ts";

/** The verdict of a program whose body is `text`; the packet is 32 bytes that count up from 0. */
function verdictOf(text: string, declarations = ""): bigint {
  const source = [
    `import { be16, be32, bytes, i8, i32, packed, struct, u8, u16, u32, u64, type Value } from "@weir/bytecode/layout";`,
    `import { arrayMap, BPF_EXIST, BPF_F_EXCLUDE_INGRESS, BPF_NOEXIST, config, cpuMap, cpuNumber, deviceMap, hashMap, htons, ntohl, ntohs, redirect, view, xdp, XDP_ABORTED, XDP_PASS, XDP_REDIRECT, type XdpPacket } from "@weir/compiler/language";`,
    declarations,
    `export const program = xdp((packet: XdpPacket) => {\n${text}\n});`,
  ].join("\n");
  const { tree, diagnostics } = check(FILE, { readFile: (name) => (name === FILE ? source : undefined) });
  if (tree === undefined) throw new Error(formatDiagnostics(diagnostics));
  const interpreter = new Interpreter(tree, { ambient: { cpuNumber: 3n }, configs: { limit: 9n }, steps: 10_000 });
  return interpreter.run(
    "program",
    Uint8Array.from({ length: 32 }, (_, index) => index),
  );
}

describe("the language is not JavaScript", () => {
  test.for([
    ["numbers wrap at 32 bits", "return (0xffff_ffff as u32) + packet.length - packet.length + 2;", 1n],
    ["division leaves out the rest", "return (packet.length + 3) / 4;", 8n],
    ["dividing by 0 gives 0", "return 7 / (packet.length - 32);", 0n],
    ["the remainder by 0 is the dividend", "return packet.length % (packet.length - 32);", 32n],
    ["unsigned numbers shift in zeros", "return (0x8000_0000 as u32) >> (packet.length - 1);", 1n],
    ["signed numbers shift in their sign", "return ((-8 as i32) >> (packet.length - 31)) as u32;", 0xffff_fffcn],
    ["shifts go by the low bits of the amount", "return (packet.length - 31) << (packet.length + 1);", 2n],
    ["literals adapt to 64 bits", "const wide: u64 = 0x1_0000_0000; return ((wide + packet.length) >> 32) as u32;", 1n],
    ["narrow operands are computed with in 32 bits", "const a: u8 = 255; return a + a;", 510n],
    ["a cast cuts off", "return (packet.length + 0x1ff) as u8;", 0x1fn],
    ["a signed cast extends", "return ((packet.length + 0xe0) as i8) as i32 as u32;", 0n],
  ] as const)("%s", ([, text, verdict]) => {
    expect(verdictOf(text)).toBe(verdict);
  });
});

describe("the interpreter runs the typed tree", () => {
  test("reads network order as it lies", () => {
    const text =
      "const h = packet.at(Header, 2); return h === null ? 0 : h.port === htons(0x0203) ? ntohs(h.port) : 1;";
    expect(verdictOf(text, "const Header = struct({ port: be16 });")).toBe(0x0203n);
  });

  test("gives null behind the packet's end", () => {
    expect(verdictOf("return packet.at(Byte, 32) === null ? 1 : 0;", "const Byte = struct({ value: u8 });")).toBe(1n);
  });

  test("moves a packet's ends over the bytes around it: what was cut off in front is there again, behind there are zeros", () => {
    const text = `
      if (packet.adjustHead(9) !== 0 || packet.adjustHead(-4) !== 0) return 1;
      if (packet.adjustTail(-6) !== 0 || packet.adjustTail(2) !== 0) return 2;
      if (packet.adjustMeta(-4) !== 0 || packet.adjustMeta(-2) !== -13) return 3;
      if (packet.adjustHead(-300) !== -22 || packet.adjustTail(4000) !== -22 || packet.adjustHead(10) !== -22) return 4;
      const meta = packet.metaAt(Word, 0);
      const first = packet.at(Word, 0);
      const last = packet.at(Word, 19);
      if (meta === null || first === null || last === null || packet.at(Word, 20) !== null) return 5;
      return ntohl(meta.value) ^ ntohl(first.value) ^ ntohl(last.value);`;
    expect(verdictOf(text, "const Word = packed({ value: be32 });")).toBe(0x01020304n ^ 0x05060708n ^ 0x18190000n);
  });

  test("copies a part of the packet to any byte of an array, and reads records there", () => {
    const declarations = `
      const Row = struct({ before: u8, bytes: bytes(16) });
      const Pair = struct({ low: u8, high: u8 });
      const ROWS = arrayMap({ value: Row, maxEntries: 1 });`;
    const text = `
      const row = ROWS.lookup(0);
      if (row === null) return 1;
      if (packet.copyTo(row.bytes, 3, 20, 12) !== 0) return 2;
      if (packet.copyTo(row.bytes, 0, 20, 13) !== -22) return 3;
      if (packet.copyTo(row.bytes, 0, 0x1_0000, 1) !== -14) return 4;
      const pair = view(row.bytes, Pair, row.bytes[3] - 7);
      pair.low += 100;
      return row.bytes[13] * 256 + pair.high + row.bytes[2];`;
    expect(verdictOf(text, declarations)).toBe(130n * 256n + 31n);
  });

  test.for([
    "packet.copyTo(row.bytes, 5, 0, 12);",
    "packet.copyTo(row.bytes, 5, 0, packet.length - 32);",
    "view(row.bytes, Row, packet.length - 31).bytes[0] = 1;",
  ])("stops where memory ends, as the verifier would: %s", (text) => {
    const declarations =
      "const Row = struct({ bytes: bytes(16) });\nconst ROWS = arrayMap({ value: Row, maxEntries: 1 });";
    const all = `const row = ROWS.lookup(0);\nif (row === null) return 1;\n${text}\nreturn 0;`;
    expect(() => verdictOf(all, declarations)).toThrow("of 16");
  });

  test("keeps the contents of maps, and answers as the kernel does", () => {
    const declarations =
      "const Count = struct({ value: u64 });\nconst MAP = hashMap({ key: u32, value: Count, maxEntries: 1 });";
    const text = `
      if (MAP.update(1, { value: 5 }, BPF_EXIST) !== -2) return 1;
      if (MAP.update(1, { value: 5 }) !== 0) return 2;
      if (MAP.update(1, { value: 6 }, BPF_NOEXIST) !== -17) return 3;
      if (MAP.update(2, { value: 6 }) !== -7) return 4;
      const count = MAP.lookup(1);
      if (count === null) return 5;
      count.value += 1;
      const again = MAP.lookup(1);
      return again === null ? 6 : again.value as u32 + 100;`;
    expect(verdictOf(text, declarations)).toBe(106n);
  });

  test("takes configuration values and surroundings from outside", () => {
    expect(verdictOf("return limit * 10 + cpuNumber();", 'const limit = config("limit", u32, 1);')).toBe(93n);
  });

  test("redirects as the kernel does where a map has no target, or is asked for too much", () => {
    const declarations = "const CPUS = cpuMap({ maxEntries: 4 });\nconst PORTS = deviceMap({ maxEntries: 4 });";
    const text = `
      if (CPUS.redirect(1, XDP_PASS) !== XDP_PASS) return 100;
      if (CPUS.redirect(1) !== XDP_ABORTED) return 101;
      if (PORTS.redirect(1, packet.length) !== XDP_ABORTED) return 102;
      if (PORTS.broadcast(BPF_F_EXCLUDE_INGRESS) !== XDP_REDIRECT) return 103;
      if (PORTS.broadcast(32) !== XDP_ABORTED) return 104;
      return redirect(packet.length);`;
    expect(verdictOf(text, declarations)).toBe(4n);
  });

  test("redirects to a target that is there", () => {
    const source = `import { deviceHashMap, xdp, XDP_DROP } from "@weir/compiler/language";
      const PORTS = deviceHashMap({ maxEntries: 2 });
      export const program = xdp((packet) => PORTS.redirect(packet.length, XDP_DROP));`;
    const { tree } = check(FILE, { readFile: (name) => (name === FILE ? source : undefined) });
    const [ports] = tree?.maps ?? [];
    if (tree === undefined || ports === undefined) throw new Error("there is no map");
    const interpreter = new Interpreter(tree);
    interpreter.map(ports).update(Uint8Array.of(20, 0, 0, 0), new Uint8Array(8), 0n);
    expect(interpreter.run("program", new Uint8Array(20))).toBe(4n);
    expect(interpreter.run("program", new Uint8Array(21))).toBe(1n);
  });

  test("goes through loops, labels and switches as JavaScript does", () => {
    const text = `
      let sum: u32 = 0;
      outer: for (let i: u32 = 0; i < 10; i++) {
        for (let j: u32 = 0; ; j++) {
          if (j > i) continue outer;
          if (i === 5) break outer;
          switch (j) {
            case 0:
              sum += 100;
            case 1:
              sum += 10;
              break;
            default:
              sum += 1;
          }
        }
      }
      return sum;`;
    // i from 0 to 4: j = 0 five times, j = 1 four times, larger ones six times.
    expect(verdictOf(text)).toBe(5n * 110n + 4n * 10n + 6n);
  });

  test("stops a program that does not end", () => {
    expect(() => verdictOf("while (packet.length > 1) {}\nreturn 0;")).toThrow("does not end");
  });
});
