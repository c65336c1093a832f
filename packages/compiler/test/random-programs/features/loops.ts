import type { Feature, StatementMaker } from "../feature.ts";

/** Every form of a loop, with few turns: the verifier follows each. */
const loop: StatementMaker = (scope, generator) => {
  const { random, values } = generator;
  if (!scope.mayLoop) return undefined;
  const name = generator.name("index");
  const turns = 1 + random.below(scope.loops.length > 0 ? 3 : 5);
  const label = random.chance(25) ? generator.name("loop") : undefined;
  const counter = (type: "u32" | "i32" | "u64" | "u8") =>
    scope.inLoop(label).withVariable({ name, type, mutable: false });
  const inner = counter("u32");
  const prefix = label === undefined ? "" : `${label}: `;
  const more = () => (random.chance(25) ? ` && ${values.condition(inner, 1)}` : "");
  switch (random.below(10)) {
    case 0:
      return `${prefix}for (let ${name}: u32 = 0; ${name} < ${turns}${more()}; ${name}++) ${generator.block(inner)}`;
    case 1:
      return `let ${name}: u32 = 0;\n${prefix}while (${name}++ < ${turns}) ${generator.block(inner)}`;
    case 2:
      return `let ${name}: u32 = 0;\n${prefix}do ${generator.block(inner)} while (++${name} < ${turns} && ${values.condition(inner, 1)});`;
    case 3:
      return `${prefix}for (let ${name}: i32 = ${turns}; ${name} > 0; ${name} -= 1) ${generator.block(counter("i32"))}`;
    case 4:
      return `${prefix}for (let ${name}: u64 = 0; ${name} !== ${turns * 2}; ${name} += 2) ${generator.block(counter("u64"))}`;
    case 5:
      return `let ${name}: u32 = 0;\n${prefix}for (;;) {\nif (${name}++ >= ${turns}) break;\n${generator.list(inner.inBlock(), 2)}\n}`;
    case 6:
      return `let ${name}: u32 = ${turns};\n${prefix}while (${name}) {\n${name}--;\n${generator.list(inner.inBlock(), 2)}\n}`;
    case 7:
      // Whether it runs at all is asked by itself, and nothing else is left to do before it.
      return `let ${name}: u32 = ${values.wide("u32", scope, 1)} & 3;\nif (${values.condition(scope, 1)}) ${prefix}while (${name}) {\n${name}--;\n${generator.list(inner.inBlock(), 2)}\n}`;
    case 8:
      return `${prefix}for (let ${name}: u8 = 0, ${name}end: u32 = ${turns}; ${name} < ${name}end; ${name}++) ${generator.block(counter("u8"))}`;
    default:
      return `let ${name}: u32 = 0;\n${prefix}do ${generator.block(inner)} while (${name}++ <= ${turns});`;
  }
};

/** Loops of all forms, with labels. */
export const loops: Feature = { statements: [[3, loop]] };
