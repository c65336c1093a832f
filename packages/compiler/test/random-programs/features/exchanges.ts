import type { Feature, StatementMaker } from "../feature.ts";
import type { Generator } from "../generator.ts";
import { SCALARS } from "../records.ts";
import type { ScopeVariable } from "../scope.ts";

/** Each variable is given what the next one holds, by way of a constant. */
function exchangeOf(variables: readonly ScopeVariable[], generator: Generator): string {
  const [first, ...others] = variables.map(({ name }) => name);
  if (first === undefined) return ";";
  const kept = generator.name("t");
  const moves = [first, ...others].map((name, index) => `${name} = ${others[index] ?? kept};`);
  return `{\nconst ${kept} = ${first};\n${moves.join("\n")}\n}`;
}

/** Two of the variables at hand. */
const exchange: StatementMaker = (scope, generator) => {
  const { values } = generator;
  const mutable = scope.variables.filter((variable) => variable.mutable);
  const one = values.choose(mutable);
  const other = values.choose(mutable.filter(({ name, type }) => type === one?.type && name !== one.name));
  return one === undefined || other === undefined ? undefined : exchangeOf([one, other], generator);
};

/**
 * A loop in which new variables change places, on each way through it or on one. How often it runs is mostly not known while
 * compiling: written out it would need no moves.
 */
const exchangingLoop: StatementMaker = (scope, generator) => {
  const { random, values } = generator;
  if (!scope.mayLoop) return undefined;
  const type = random.pick(SCALARS);
  const variables = Array.from({ length: random.chance(70) ? 2 : 3 }, () => {
    return { name: generator.name("v"), type, mutable: true };
  });
  const lines = variables.map(({ name }) => `let ${name}: ${type} = ${values.scalar(type, scope, 2)};`);
  const [turn, end] = [generator.name("index"), generator.name("end")];
  lines.push(`const ${end}: u32 = ${values.below(4, scope, 2)} + ${1 + random.below(2)};`);
  const after = scope.withVariable(...variables);
  const inner = after.inLoop().inBlock().withVariable({ name: turn, type: "u32", mutable: false });
  const condition = random.chance(40) ? `if (${values.condition(inner, 2)}) ` : "";
  const body = [`${condition}${exchangeOf(variables, generator)}`];
  body.splice(random.below(2), 0, generator.list(inner, 2));
  lines.push(`for (let ${turn}: u32 = 0; ${turn} < ${end}; ${turn}++) {\n${body.join("\n")}\n}`);
  return { text: lines.join("\n"), scope: after };
};

/** Variables that change places. */
export const exchanges: Feature = {
  statements: [
    [1, exchange],
    [1, exchangingLoop],
  ],
};
