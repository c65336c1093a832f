import type { Feature, Made, StatementMaker } from "../feature.ts";
import type { Generator } from "../generator.ts";
import { SCALARS } from "../records.ts";
import type { Scope } from "../scope.ts";

const DEPTH = 3;

function declare(scope: Scope, generator: Generator): Made {
  const { random, values } = generator;
  const mutable = random.chance(70);
  const name = generator.name("v");
  const word = mutable ? "let" : "const";
  if (random.chance(12)) {
    const value = values.condition(scope, 2);
    return { text: `${word} ${name} = ${value};`, scope: scope.withVariable({ name, type: "boolean", mutable }) };
  }
  const type = random.pick(SCALARS);
  const value = values.scalar(type, scope, DEPTH);
  return { text: `${word} ${name}: ${type} = ${value};`, scope: scope.withVariable({ name, type, mutable }) };
}

/** A variable that is given its value on each way. */
const declareLater: StatementMaker = (scope, generator) => {
  const { random, values } = generator;
  const name = generator.name("v");
  const type = random.pick(SCALARS);
  const [a, b] = [values.scalar(type, scope, 2), values.scalar(type, scope, 2)];
  const text = `let ${name}: ${type};\nif (${values.condition(scope, 2)}) ${name} = ${a}; else ${name} = ${b};`;
  return { text, scope: scope.withVariable({ name, type, mutable: true }) };
};

/** `+=` and its family, `++`. */
const update: StatementMaker = (scope, { random, values }) => {
  const target = values.target(scope);
  if (target === undefined) return undefined;
  const { text, type } = target;
  if (type.startsWith("be")) return `${text} ${random.pick(["&=", "|=", "^="])} ${values.scalar(type, scope, 2)};`;
  if (random.chance(20)) return random.pick([`${text}++;`, `--${text};`]);
  if (random.chance(20)) {
    const width = Number(type.slice(1));
    const amount = random.chance(70)
      ? String(random.below(width))
      : `+(${values.wide("u32", scope, 1)} & ${width - 1})`;
    return `${text} ${random.pick(["<<=", ">>="])} ${amount};`;
  }
  const signed = type.startsWith("i");
  const operator = random.pick(
    signed ? ["+=", "-=", "*=", "^=", "&=", "|=", "%=", "/="] : ["+=", "-=", "*=", "&=", "|=", "^=", "%=", "/="],
  );
  // A divisor that turns out to be 0 while compiling is a mistake.
  const divides = operator === "%=" || operator === "/=";
  const value = divides || random.chance(30) ? String(1 + random.below(100)) : values.scalar(type, scope, 2);
  return `${text} ${operator} ${value};`;
};

/** Variables, and all that can be assigned to. */
export const variables: Feature = {
  statements: [
    [4, declare],
    [1, declareLater],
    [3, (scope, generator) => generator.assignment(scope)],
    [3, update],
    [
      1,
      (scope, { values }) => {
        const boolean = values.variable(scope, "boolean");
        return boolean && `${boolean} = ${values.condition(scope, 2)};`;
      },
    ],
  ],
  expressions: [
    [
      2,
      (type, scope, _depth, { random, values }) => {
        const name = values.variable(scope, type);
        const other = values.variable(scope, type);
        if (name === undefined) return undefined;
        return random.pick([
          `(${name}++)`,
          `(--${name})`,
          `(${name} = ${values.wide(type, scope, 1)})`,
          `(${name} ${random.pick(["+=", "-=", "^="])} ${values.wide(type, scope, 1)})`,
          `(${name} = (${other} = ${values.wide(type, scope, 1)}))`,
        ]);
      },
    ],
    // A field or an element as part of an expression.
    [
      1,
      (type, scope, _depth, { random, values }) => {
        const target = values.target(scope);
        if (target === undefined || target.type !== type) return undefined;
        return random.pick([
          `(${target.text}++)`,
          `(++${target.text})`,
          `(${target.text} -= ${values.wide(type, scope, 1)})`,
        ]);
      },
    ],
  ],
};
