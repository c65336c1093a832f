import type { Random } from "@weir/laboratory";
import { allGroups, groupsOf, type Stretch } from "../text/groups.ts";
import { type Token, tokensOf } from "../text/tokens.ts";

/** One change of a text; `other` is another program, to take parts of. */
type Edit = (text: string, random: Random, other: string) => string;

const TYPES = [
  "u8",
  "u16",
  "u32",
  "u64",
  "i8",
  "i16",
  "i32",
  "i64",
  "be16",
  "be32",
  "be64",
  "boolean",
  "void",
  "number",
] as const;
const NUMBERS = [
  "0",
  "-1",
  "1",
  "255",
  "65536",
  "4294967295",
  "4294967296",
  "9007199254740993",
  "1.5",
  "0x7fff_ffff",
  "64",
  "1e3",
  "5n",
] as const;
const WORDS = [
  "null",
  "true",
  "this",
  "await",
  "undefined",
  "new",
  "async",
  "let",
  "const",
  "as",
  "typeof",
  "packet",
  "return",
] as const;
const OPERATORS = [
  "+",
  "-",
  "*",
  "/",
  "%",
  "&",
  "|",
  "^",
  "<<",
  ">>",
  ">>>",
  "===",
  "!==",
  "<",
  ">",
  "&&",
  "||",
  "=",
  "+=",
  "??",
  "?.",
  "**",
  ",",
  "++",
  "!",
  "~",
  "...",
  "=>",
] as const;

const place = (text: string, { start, end }: Stretch, by: string): string =>
  text.slice(0, start) + by + text.slice(end);

const token = (text: string, random: Random): Token | undefined => {
  const tokens = tokensOf(text);
  return tokens[random.below(Math.max(1, tokens.length))];
};

/** A statement, a member, an argument: whatever stands between separators. */
const part = (text: string, random: Random): Stretch | undefined => {
  const parts = allGroups(groupsOf(text)).flatMap((group) => group.parts);
  return parts[random.below(Math.max(1, parts.length))];
};

const group = (text: string, random: Random): Stretch | undefined => {
  const groups = allGroups(groupsOf(text)).slice(1);
  return groups[random.below(Math.max(1, groups.length))];
};

const onToken =
  (change: (found: Token, random: Random, other: string) => string): Edit =>
  (text, random, other) => {
    const found = token(text, random);
    return found === undefined ? text : place(text, found, change(found, random, other));
  };

/** Replaces a token of one kind by another of the same kind. */
const alike =
  (pattern: RegExp, replacement: (random: Random, text: string) => string): Edit =>
  (text, random) => {
    const tokens = tokensOf(text).filter((found) => pattern.test(found.text));
    const found = tokens[random.below(Math.max(1, tokens.length))];
    return found === undefined ? text : place(text, found, replacement(random, text));
  };

const names = (text: string, random: Random): string => {
  const all = tokensOf(text).filter((found) => /^[A-Za-z_]/.test(found.text));
  return all[random.below(Math.max(1, all.length))]?.text ?? "x";
};

const onPart =
  (change: (text: string, found: Stretch, random: Random, other: string) => string): Edit =>
  (text, random, other) => {
    const found = part(text, random);
    return found === undefined ? text : change(text, found, random, other);
  };

const textOf = (text: string, { start, end }: Stretch): string => text.slice(start, end);

const EDITS: readonly [Edit, ...Edit[]] = [
  onToken(() => ""),
  onToken(({ text }) => `${text} ${text}`),
  onToken((_, random, other) => ` ${token(other, random)?.text ?? ""} `),
  onToken((_, random) => ` ${random.pick(WORDS)} `),
  (text, random) => {
    const [a, b] = [token(text, random), token(text, random)];
    if (a === undefined || b === undefined || a.end > b.start) return text;
    return place(place(text, b, a.text), a, b.text);
  },
  alike(/^([ui]\d|be\d|boolean)/, (random) => random.pick(TYPES)),
  alike(/^([ui]\d|be\d|boolean)/, (random) => random.pick(TYPES)),
  alike(/^\d/, (random) => random.pick(NUMBERS)),
  alike(/^[A-Za-z_]/, (random, text) => names(text, random)),
  alike(/^[A-Za-z_]/, (random, text) => names(text, random)),
  alike(/^[-+*/%&|^<>=!~]/, (random) => random.pick(OPERATORS)),
  alike(/^[-+*/%&|^<>=!~]/, (random) => random.pick(OPERATORS)),
  onPart((text, found) => place(text, found, "")),
  onPart((text, found) => place(text, found, `${textOf(text, found)}\n${textOf(text, found)}`)),
  // A statement elsewhere.
  onPart((text, found, random) => {
    const without = place(text, found, "");
    const target = part(without, random);
    return target === undefined
      ? text
      : place(without, { start: target.start, end: target.start }, textOf(text, found));
  }),
  // A part of another program, in front of or in place of one of this.
  onPart((text, found, random, other) => {
    const stranger = part(other, random);
    if (stranger === undefined) return text;
    const end = random.chance(50) ? found.start : found.end;
    return place(text, { start: found.start, end }, textOf(other, stranger));
  }),
  // An expression or a block for another one.
  (text, random, other) => {
    const found = group(text, random);
    const source = random.chance(70) ? text : other;
    const given = group(source, random);
    return found === undefined || given === undefined ? text : place(text, found, textOf(source, given));
  },
  // A call, a cast, a check around an expression.
  (text, random) => {
    const found = group(text, random);
    if (found === undefined) return text;
    const inner = textOf(text, found);
    return place(
      text,
      found,
      random.pick([
        `(${inner}) as ${random.pick(TYPES)}`,
        `!(${inner})`,
        `-(${inner})`,
        `[${inner}]`,
        `{ a: ${inner} }`,
        `() => ${inner}`,
        `${inner} ? ${inner} : 0`,
      ]),
    );
  },
  (text, random) => text.slice(0, random.below(text.length + 1)),
  (text, random) => {
    const at = random.below(text.length + 1);
    return place(
      text,
      { start: at, end: at },
      String.fromCharCode(random.pick([0, 9, 34, 39, 96, 92, 123, 125, 40, 91, 0x20ac, 0xd800])),
    );
  },
  // A name everywhere.
  (text, random) => {
    const [from, to] = [names(text, random), names(text, random)];
    return text.replaceAll(new RegExp(`\\b${from}\\b`, "g"), to);
  },
];

/** The text after some random changes: most often one, so that it is still almost a program. */
export function edited(text: string, random: Random, other: string): string {
  let result = text;
  for (let count = random.pick([1, 1, 1, 2, 2, 3, 5]); count > 0; count--)
    result = random.pick(EDITS)(result, random, other);
  return result;
}
