import type { Feature, Made, StatementMaker } from "../feature.ts";
import type { Generator } from "../generator.ts";
import { Scope } from "../scope.ts";

/** Blocks around, beyond which turns would be too many. */
const DEEPEST = 2;

/** The body of a function that is called back: it shares the variables around, and no loop of theirs. */
function bodyIn(inner: Scope, generator: Generator): string {
  const returns = generator.random.chance(50) ? "boolean" : "void";
  const { variables, records, arrays, functions, depth } = inner.inBlock();
  const scope = new Scope(
    { ...inner.frame, returns, isProgram: false },
    { variables, records, arrays, functions, depth },
  );
  return `{\n${generator.body(scope, 1 + generator.random.below(3))}\n}`;
}

const isTooDeep = ({ loops, depth }: Scope): boolean => loops.length > 0 || depth > DEEPEST;

/** A call whose result is kept, or not. */
function called(call: string, type: "i32" | "u32", scope: Scope, generator: Generator): string | Made {
  if (generator.random.chance(50)) return `${call};`;
  const name = generator.name("v");
  return { text: `let ${name}: ${type} = ${call};`, scope: scope.withVariable({ name, type, mutable: true }) };
}

const loop: StatementMaker = (scope, generator) => {
  if (isTooDeep(scope)) return undefined;
  const index = generator.name("index");
  const count = generator.values.below(8, scope, 1);
  const inner = scope.withVariable({ name: index, type: "u32", mutable: generator.random.chance(20) });
  return called(`loop(${count}, (${index}) => ${bodyIn(inner, generator)})`, "i32", scope, generator);
};

/** Of arrays, whose elements come in order. */
const each: StatementMaker = (scope, generator) => {
  const map = generator.values.choose(generator.maps.filter(({ kind }) => kind === "array"));
  if (isTooDeep(scope) || map === undefined) return undefined;
  const [index, value] = [generator.name("index"), generator.name("m")];
  const inner = scope
    .withVariable({ name: index, type: "u32", mutable: false })
    .withRecord({ name: value, record: map.value, lies: "array" });
  return called(`${map.name}.each((${index}, ${value}) => ${bodyIn(inner, generator)})`, "u32", scope, generator);
};

/** Functions that the kernel calls back. */
export const callbacks: Feature = {
  words: ["loop"],
  statements: [
    [2, loop],
    [1, each],
  ],
};
