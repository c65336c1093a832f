import type { Feature, StatementMaker } from "../feature.ts";

const DEPTH = 3;

const ifStatement: StatementMaker = (scope, generator) => {
  const { random, values } = generator;
  const condition = () => values.condition(scope, DEPTH);
  const middle = random.chance(15) ? ` else if (${condition()}) ${generator.block(scope)}` : "";
  const otherwise = random.chance(50) ? ` else ${generator.block(scope)}` : "";
  return `if (${condition()}) ${generator.block(scope)}${middle}${otherwise}`;
};

const switchStatement: StatementMaker = (scope, generator) => {
  const { random, values } = generator;
  const type = random.pick(["u8", "u32", "i32", "u64", "be16"] as const);
  const inner = scope.inBlock().insideSwitch();
  const clause = () => `{ ${generator.list(inner, 1)} } ${random.chance(70) ? "break;" : ""}`;
  const test = (index: number) => (type === "i32" ? index - 1 : type === "be16" ? `htons(${index})` : index);
  const cases = Array.from({ length: 1 + random.below(4) }, (_, index) => `case ${test(index)}: ${clause()}`);
  // Two tests of one clause.
  if (random.chance(20)) cases.unshift(`case ${test(5)}:`);
  if (random.chance(60)) cases.splice(random.below(cases.length + 1), 0, `default: ${clause()}`);
  const subject = {
    u8: () => `((${values.wide("u32", scope, 2)} & 3) as u8)`,
    u32: () => `(${values.wide("u32", scope, 2)} & 3)`,
    u64: () => `(${values.wide("u64", scope, 2)} & 3)`,
    i32: () => `((${values.wide("i32", scope, 2)} & 3) - 1)`,
    be16: () => `htons((${values.wide("u32", scope, 2)} & 3) as u16)`,
  }[type]();
  return `switch (${subject}) {\n${cases.join("\n")}\n}`;
};

/** What is done to a variable with a literal where a number is that literal, and with another number elsewhere. */
const sameOnTwoWays: StatementMaker = (scope, generator) => {
  const { random, values } = generator;
  const variable = values.variable(scope, "u32");
  if (variable === undefined) return undefined;
  const [name, number] = [generator.name("k"), random.below(4)];
  const operator = random.pick(["+=", "-=", "*=", "^=", "<<="]);
  const assign = (right: string) => `${variable} ${operator} ${right};`;
  const [known, other] = [assign(String(number)), assign(`(${values.wide("u32", scope, 2)} & ${random.pick([3, 7])})`)];
  const [comparison, first, second] = random.chance(50) ? ["===", known, other] : ["!==", other, known];
  return `const ${name} = ${values.wide("u32", scope, 2)} & 3;\nif (${name} ${comparison} ${number}) ${first} else ${second}`;
};

/** `if`, `switch` with clauses that fall through, blocks, and ways out. */
export const branches: Feature = {
  words: ["htons"],
  statements: [
    [2, ifStatement],
    [2, switchStatement],
    [1, sameOnTwoWays],
    [
      1,
      (scope, generator) =>
        generator.random.chance(scope.frame.isProgram && scope.loops.length === 0 ? 20 : 60)
          ? `if (${generator.values.condition(scope, 2)}) ${generator.leave(scope)}`
          : undefined,
    ],
    [1, (scope, generator) => (scope.depth < 2 ? generator.block(scope) : undefined)],
  ],
};
