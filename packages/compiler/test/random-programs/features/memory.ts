import type { Feature } from "../feature.ts";
import type { Generator } from "../generator.ts";
import { isOwn, mayVary } from "../places.ts";
import type { RandomRecord, Scalar } from "../records.ts";
import type { RecordPlace, Scope } from "../scope.ts";

interface ReachableArray {
  readonly text: string;
  readonly bytes: boolean;
  readonly length: number;
  readonly lies: RecordPlace;
}

/** Arrays of scalars, by the records that they are in and by names of their own. */
function arraysIn(scope: Scope): readonly ReachableArray[] {
  const inRecords = scope.records.flatMap(({ name, record, lies }) =>
    record.fields.flatMap(({ name: field, of }) =>
      of.kind === "array" ? [{ text: `${name}.${field}`, bytes: of.element === "u8", length: of.length, lies }] : [],
    ),
  );
  const named = scope.arrays.map(({ name, element, length, lies }) => ({
    text: name,
    bytes: element === "u8",
    length,
    lies,
  }));
  return [...inRecords, ...named];
}

/** A record of two bytes: the beginning of another record, or somewhere in an array. */
function view(scope: Scope, { random, values }: Generator): string | undefined {
  const array = random.chance(50) ? values.choose(arraysIn(scope)) : undefined;
  if (array !== undefined) {
    const places = Math.max(1, array.length / 2);
    const at = mayVary(array.lies, scope) ? values.below(places, scope, 1) : String(random.below(places));
    return `view(${array.text}, Bytes, ${at})`;
  }
  const record = values.choose(scope.records);
  return record && `view(${record.name}, Bytes)`;
}

/** Memory seen in other ways: as other records, copied from the packet, added to at once, hidden from the verifier. */
export const memory: Feature = {
  words: [
    "view",
    "opaque",
    ...["Add", "And", "Or", "Xor", "Exchange", "CompareExchange"].map((operation) => `atomic${operation}`),
  ],
  declare: () => ["const Bytes = packed({ first: u8, both: i8 });"],
  expressions: [
    [
      1,
      (type, scope, _depth, generator) => {
        const viewed = view(scope, generator);
        return viewed && `(${viewed}.${generator.random.pick(["first", "both"])} as ${type})`;
      },
    ],
    [
      1,
      (type, scope, depth, { values }) => {
        const fields = scope.records.flatMap(({ name, record }) =>
          record.fields.flatMap(({ name: field, of }) =>
            of.kind === "scalar" && !of.type.endsWith("64") ? [`${name}, "${field}"`] : [],
          ),
        );
        const field = values.choose(fields);
        if (field === undefined || type !== "u32") return undefined;
        return `opaque(${values.wide(type, scope, depth - 1)}, ${field})`;
      },
    ],
  ],
  statements: [
    [
      1,
      (scope, generator) => {
        const viewed = view(scope, generator);
        const operator = generator.random.pick(["=", "+=", "^="]);
        return viewed && `${viewed}.first ${operator} ${generator.values.scalar("u8", scope, 2)};`;
      },
    ],
    [1, atomic],
    [1, copy],
  ],
};

function atomic(scope: Scope, { random, values, records }: Generator): string | undefined {
  const fields = scope.records.flatMap(({ name, record, lies }) => {
    // There are no atomic operations on what is not aligned: what is packed, and what may lie in something that is.
    if (lies === "packet" || lies === "made" || lies === "anywhere") return [];
    if (isPacked(record) || records.some((outer) => contains(outer, record))) return [];
    return record.fields.flatMap(({ name: field, of }) => {
      if (of.kind === "scalar" && isWide(of.type)) return [{ whole: name, part: `"${field}"`, type: of.type }];
      if (of.kind !== "array" || typeof of.element !== "string" || !isWide(of.element)) return [];
      return [{ whole: `${name}.${field}`, part: values.below(of.length, scope, 1), type: of.element }];
    });
  });
  const target = values.choose(fields);
  if (target === undefined) return undefined;
  const { whole, part, type } = target;
  const word = random.pick(["Add", "Add", "Add", "And", "Or", "Xor", "Exchange", "CompareExchange"]);
  const operands = Array.from({ length: word === "CompareExchange" ? 2 : 1 }, () => values.scalar(type, scope, 2));
  const change = `atomic${word}(${[whole, part, ...operands].join(", ")})`;
  const result = values.variable(scope, type);
  return result !== undefined && random.chance(50) ? `${result} = ${change};` : `${change};`;
}

const isPacked = ({ text }: RandomRecord): boolean => text.includes("packed(");

const contains = (outer: RandomRecord, record: RandomRecord): boolean =>
  outer.fields.some(
    ({ of }) => (of.kind === "record" ? of.record : of.kind === "array" ? of.element : of.type) === record,
  );

const isWide = (type: Scalar): boolean => /^[ui](32|64)$/.test(type);

/** A part of the packet, or what would lie behind it, into bytes that lie in a map or on the stack. */
function copy(scope: Scope, { random, values }: Generator): string | undefined {
  const target = values.choose(arraysIn(scope).filter(({ bytes, lies }) => bytes && isOwn(lies)));
  if (target === undefined || !scope.frame.packet) return undefined;
  const half = target.length / 2;
  const at = values.below(half, scope, 1);
  const offset = values.below(random.pick([16, 128]), scope, 1);
  const length = random.chance(50) ? "1" : `1 + ${values.below(half, scope, 1)}`;
  const call = `packet.copyTo(${target.text}, ${at}, ${offset}, ${length})`;
  const result = values.variable(scope, "i32");
  return result === undefined ? `${call};` : `${result} = ${call};`;
}
