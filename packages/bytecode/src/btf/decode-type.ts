import type { ByteReader } from "../byte-reader.ts";
import { intEncodings, kindShapes, linkages } from "./kinds.ts";
import type { BtfInt, BtfMember, BtfType } from "./type.ts";

/** Bytes that the type `at` takes. */
export function typeSize(types: ByteReader, at: number): number {
  const info = types.u32(at + 4);
  const shape = kindShapes[(info >>> 24) & 0x1f];
  if (shape === undefined || shape.kind === "void") {
    throw types.error(`holds a type of unknown kind ${(info >>> 24) & 0x1f}`, at);
  }
  const size = 4 * (3 + shape.words + shape.memberWords * memberCount(shape.kind, info));
  // Reads its last byte, so that decoding it later cannot leave the section.
  types.u32(at + size - 4);
  return size;
}

/** For functions the field holds their linkage. */
function memberCount(kind: BtfType["kind"], info: number): number {
  return kind === "function" ? 0 : info & 0xffff;
}

/** The type `at`, whose size has been checked; `text` gives the string at an offset. */
export function decodeType(types: ByteReader, at: number, text: (offset: number) => string): BtfType {
  const word = (index: number): number => types.u32(at + index * 4);
  const info = word(1);
  const kind = kindShapes[(info >>> 24) & 0x1f]?.kind ?? "void";
  const name = text(word(0));
  const flag = info >>> 31 === 1;
  const size = word(2);
  const type = size;
  const members = <Member>(make: (first: number) => Member, words: number): Member[] =>
    Array.from({ length: memberCount(kind, info) }, (_, index) => make(3 + index * words));
  switch (kind) {
    case "void":
      return { kind };
    case "int":
      return decodeInt(name, size, word(3));
    case "pointer":
    case "volatile":
    case "const":
    case "restrict":
      return { kind, type };
    case "typedef":
    case "type-tag":
      return { kind, name, type };
    case "array":
      return { kind, type: word(3), indexType: word(4), length: word(5) };
    case "struct":
    case "union":
      return {
        kind,
        name,
        size,
        members: members((first) => decodeMember(text(word(first)), word(first + 1), word(first + 2), flag), 3),
      };
    case "enum":
      return {
        kind,
        name,
        size,
        signed: flag,
        values: members((first) => {
          const value = BigInt(word(first + 1));
          return { name: text(word(first)), value: flag ? BigInt.asIntN(32, value) : value };
        }, 2),
      };
    case "enum64":
      return {
        kind,
        name,
        size,
        signed: flag,
        values: members((first) => {
          const value = BigInt(word(first + 1)) | (BigInt(word(first + 2)) << 32n);
          return { name: text(word(first)), value: flag ? BigInt.asIntN(64, value) : value };
        }, 3),
      };
    case "forward":
      return { kind, name, of: flag ? "union" : "struct" };
    case "function":
      return { kind, name, type, linkage: decodeLinkage(types, at, info & 0xffff) };
    case "function-prototype":
      return { kind, type, parameters: members((first) => ({ name: text(word(first)), type: word(first + 1) }), 2) };
    case "variable":
      return { kind, name, type, linkage: decodeLinkage(types, at, word(3)) };
    case "section": {
      const variables = members((first) => ({ type: word(first), offset: word(first + 1), size: word(first + 2) }), 3);
      return { kind, name, size, variables };
    }
    case "float":
      return { kind, name, size };
    case "declaration-tag":
      return { kind, name, type, component: word(3) | 0 };
  }
}

function decodeInt(name: string, size: number, data: number): BtfInt {
  const bits = data & 0xff;
  const flags = data >>> 24;
  const encoding =
    flags & intEncodings.bool
      ? "bool"
      : flags & intEncodings.char
        ? "char"
        : flags & intEncodings.signed
          ? "signed"
          : "unsigned";
  return { kind: "int", name, size, encoding, ...(bits === size * 8 ? {} : { bits }) };
}

function decodeMember(name: string, type: number, offset: number, bitFields: boolean): BtfMember {
  if (!bitFields) return { name, type, bitOffset: offset };
  const bitSize = offset >>> 24;
  return { name, type, bitOffset: offset & 0xff_ffff, ...(bitSize === 0 ? {} : { bitSize }) };
}

function decodeLinkage(types: ByteReader, at: number, code: number): (typeof linkages)[number] {
  const linkage = linkages[code];
  if (linkage === undefined) throw types.error(`holds a type of unknown linkage ${code}`, at);
  return linkage;
}
