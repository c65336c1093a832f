import type { ExpressionMaker, Feature } from "../feature.ts";
import { SCALARS } from "../records.ts";

/** A number of elements that no mask is for, so that remainders and comparisons are. */
const ROWS = 3;

/** An element of a table of constants, by an index that only the program knows. */
const element: ExpressionMaker = (type, scope, depth, { random, values, tables }) => {
  const table = values.choose(tables);
  if (table === undefined) return undefined;
  const index =
    table.length === ROWS && random.chance(70)
      ? `${values.wide("u32", scope, depth - 1)} % ${ROWS}`
      : values.below(table.length === ROWS ? 2 : table.length, scope, depth - 1);
  return `(${table.name}[${index}] as ${type})`;
};

/** Integers, booleans and records that live as long as the program, and tables of constants. */
export const globalVariables: Feature = {
  words: ["global", "table"],
  declare: (generator) => {
    const { random, values, globals, tables } = generator;
    const scalars = Array.from({ length: random.below(4) }, () => {
      const type = random.chance(15) ? "boolean" : random.pick(SCALARS);
      const name = generator.name("global");
      globals.push({ name, type, mutable: true });
      if (type === "boolean") return `let ${name} = ${random.pick(["true", "false"])};`;
      const initial = type.startsWith("be") || random.chance(50) ? "0" : values.literal(type as "u32");
      return `let ${name}: ${type} = ${initial};`;
    });
    const record = values.choose(generator.records.filter(({ text }) => text.includes("struct(")));
    if (record !== undefined && random.chance(50)) {
      const name = generator.name("shared");
      generator.globalRecords.push({ name, record, lies: "array" });
      scalars.push(`const ${name} = global(${record.name});`);
    }
    const lists = Array.from({ length: random.below(3) }, () => {
      const type = random.pick(["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64"] as const);
      const [name, length] = [generator.name("TABLE"), random.pick([2, ROWS, 4, 8])];
      tables.push({ name, length, type });
      const elements = Array.from({ length }, () => values.literal(type)).join(", ");
      return random.chance(50)
        ? `const ${name} = table(${type}, [${elements}]);`
        : `const ${name}: readonly ${type}[] = [${elements}];`;
    });
    return [...scalars, ...lists];
  },
  expressions: [[1, element]],
};
