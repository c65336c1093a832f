import { intEncodings, kindShapes, linkages } from "./kinds.ts";
import type { BtfType } from "./type.ts";

/** The words of a type; `name` gives the offset of a string. */
export function encodeType(type: BtfType, name: (text: string) => number): number[] {
  const head = (text: string, count: number, flag: boolean, sizeOrType: number): number[] => {
    if (count > 0xffff) throw new RangeError(`BTF type "${text}" has ${count} members; there may be 65535`);
    const code = kindShapes.findIndex((shape) => shape.kind === type.kind);
    return [name(text), ((flag ? 1 : 0) << 31) | (code << 24) | count, sizeOrType];
  };
  switch (type.kind) {
    case "void":
      throw new TypeError("void is type 0; it cannot be added");
    case "int": {
      const bits = type.bits ?? type.size * 8;
      return [...head(type.name, 0, false, type.size), (intEncodings[type.encoding] << 24) | bits];
    }
    case "pointer":
    case "volatile":
    case "const":
    case "restrict":
      return head("", 0, false, type.type);
    case "typedef":
    case "type-tag":
      return head(type.name, 0, false, type.type);
    case "array":
      return [...head("", 0, false, 0), type.type, type.indexType, type.length];
    case "struct":
    case "union": {
      const bitFields = type.members.some((member) => member.bitSize !== undefined);
      return [
        ...head(type.name, type.members.length, bitFields, type.size),
        ...type.members.flatMap((member) => [
          name(member.name),
          member.type,
          ((member.bitSize ?? 0) << 24) | member.bitOffset,
        ]),
      ];
    }
    case "enum":
      return [
        ...head(type.name, type.values.length, type.signed, type.size),
        ...type.values.flatMap(({ name: text, value }) => [name(text), Number(BigInt.asUintN(32, value))]),
      ];
    case "enum64":
      return [
        ...head(type.name, type.values.length, type.signed, type.size),
        ...type.values.flatMap(({ name: text, value }) => [
          name(text),
          Number(BigInt.asUintN(32, value)),
          Number(BigInt.asUintN(32, value >> 32n)),
        ]),
      ];
    case "forward":
      return head(type.name, 0, type.of === "union", 0);
    case "function":
      return head(type.name, linkages.indexOf(type.linkage), false, type.type);
    case "function-prototype":
      return [
        ...head("", type.parameters.length, false, type.type),
        ...type.parameters.flatMap((parameter) => [name(parameter.name), parameter.type]),
      ];
    case "variable":
      return [...head(type.name, 0, false, type.type), linkages.indexOf(type.linkage)];
    case "section":
      return [
        ...head(type.name, type.variables.length, false, type.size),
        ...type.variables.flatMap((variable) => [variable.type, variable.offset, variable.size]),
      ];
    case "float":
      return head(type.name, 0, false, type.size);
    case "declaration-tag":
      return [...head(type.name, 0, false, type.type), type.component >>> 0];
  }
}
