import { byteOrderWords } from "../types/byte-order.ts";

/** What kernel programs have in the place of what JavaScript, browsers and Node have, by its name there. */
const instead: ReadonlyMap<string, string> = new Map([
  ["console", 'print("%u bytes", packet.length) writes a line that `weir run` shows.'],
  [
    "Map",
    "A map of the kernel keeps values: `export const NAME = hashMap({ key: u32, value: Layout, maxEntries: 1024 })`.",
  ],
  ["Set", "A hashMap({ key, value, maxEntries }) has the keys, or a bloomFilter where some too many do no harm."],
  ["Array", "An array is a part of a record: `struct({ list: array(u32, 8) })`."],
  ["Uint8Array", "Bytes are a part of a record: `struct({ list: bytes(8) })`."],
  ["Promise", "A kernel program runs from start to end at once."],
  ["setTimeout", "onTimer and startTimer call a function later, for a value of a map."],
  ["Date", "monotonicTime() is the time since the start in nanoseconds."],
  ["performance", "monotonicTime() is the time since the start in nanoseconds."],
  ["Math", "Compare: `a < b ? a : b`; randomNumber() is a random u32; there are no fractions."],
  ["Number", "`value as u32` makes it a number of another width."],
  ["BigInt", "`value as u64` makes it one of 64 bits, u64.of(1n) a constant."],
]);

/** The types of numbers, to which `as` converts. */
const NUMBER = "[ui](?:8|16|32|64)";
const UNFIT = "Write `as $1` to cut off what does not fit.";
const WITHOUT_N = "Write the number without `n`; one of more than 53 bits is u64.of(…n) or i64.of(…n).";

/** "Type … is not assignable to type …", said of a value or of an argument. */
const given = (from: string, to: string): RegExp =>
  new RegExp(`^(?:Argument of type|Type) '${from}' is not assignable to (?:parameter of )?type '(${to})'\\.`);

/** Whole messages, with what to write instead; `$1` is what the expression found. The rest of a message, which tells of the types' insides, goes. */
const patterns: readonly (readonly [message: RegExp, advice: string])[] = [
  [given(NUMBER, NUMBER), UNFIT],
  ...byteOrderWords.map(({ name, from, to }): readonly [RegExp, string] => [
    given(from.kind === "network" ? from.name : NUMBER, to.kind === "network" ? to.name : NUMBER),
    `They have different byte orders; convert with ${name}.`,
  ]),
  [
    /^Cannot find (?:name|module) 'node:[^']*'\./,
    "Nothing of Node runs in the kernel: a kernel program imports the language, layouts and files of its own.",
  ],
  [
    /^Property '[^']*' is missing in type 'KernelArray<[^']*'[^.]*\.|^(?:Argument of type|Type) 'KernelArray<[^']*' is not assignable to [^.]*\./,
    "What is in the kernel's memory is copied first: kernelCopy, or kernelText for a text.",
  ],
  [/^Operator '[^']*' cannot be applied to types (?:'[^']*' and '-?\d+n'|'-?\d+n' and '[^']*')\./, WITHOUT_N],
  [given("(?:-?\\d+n|bigint)", NUMBER), WITHOUT_N],
  [
    /^Cannot assign to '(\w+)' because it is a constant\./,
    "A number that a look-up finds is `$1.value`; a variable is declared with `let`.",
  ],
  [
    /^Type '\w+Layout<[^']*' is missing the following properties from type 'StructLayout<[^']*': members, fields/,
    "(write a record: `struct({ value: u32 })`)",
  ],
  [
    /^Argument of type '\w+Layout<[^']*' is not assignable to parameter of type 'StructLayout<[^']*'\./,
    "Write a record: `struct({ value: u32 })`.",
  ],
  [
    new RegExp(`^Conversion of type 'boolean' to type '${NUMBER}' may be a mistake[^.]*\\.`),
    "A boolean becomes a number with `condition ? 1 : 0`.",
  ],
  [
    new RegExp(`^Conversion of type '${NUMBER}' to type 'boolean' may be a mistake[^.]*\\.`),
    "A number becomes a boolean with `value !== 0`.",
  ],
];

/** The beginning of a call, before its argument. */
const CALL = /(\w+)\(\s*$/;
const ARGUMENT = /^Argument of type '(\w+)' is not assignable to parameter of type '\w+'\./;

/** What a word that changes the byte order is given is in the other order already, or of another size. */
function adviceOnOrder(message: string, before: string): string | undefined {
  const [sentence, type] = ARGUMENT.exec(message) ?? [];
  const word = byteOrderWords.find(({ name }) => name === CALL.exec(before)?.[1]);
  if (word === undefined || sentence === undefined) return undefined;
  const fitting = byteOrderWords.find(({ from }) => from.kind === "network" && from.name === type);
  const takesNetwork = word.from.kind === "network";
  if (takesNetwork && fitting !== undefined) return `${sentence} For that it is ${fitting.name}.`;
  if (!takesNetwork && fitting === undefined) return undefined;
  return `${sentence} \`${word.name}\` gives what this is already.`;
}

/** "Cannot find name 'Map'. …", "'BigInt' only refers to a type, …", "An async function or method must return a 'Promise'. …" */
const NAMED = /^(?:Cannot find name |An async function or method must return a )?'(\w+)'[^.]*\./;
const NO_RETURN = 7030;
const OTHER_COUNT = 2554;

/** Where a mistake is. */
interface Place {
  /** The text in front of it. */
  readonly before: string;
  /** The text that is wrong. */
  readonly text: string;
}

/** A message of TypeScript's with what to write instead, and without its advice on libraries that no kernel program has. */
export function advised(code: number, message: string, { before, text }: Place): string {
  if (code === NO_RETURN)
    return `${message} Where a function can stop with \`return true\`, it goes on with \`return false\`.`;
  if (code === OTHER_COUNT && /^atomic[A-Z]/.test(text))
    return `${message} It takes a record, the name of its field, and a number; a record for all of the file is \`global(struct({ packets: u64 }))\`.`;
  const onOrder = adviceOnOrder(message, before);
  if (onOrder !== undefined) return onOrder;
  for (const [pattern, advice] of patterns) {
    const [sentence, found = ""] = pattern.exec(message) ?? [];
    if (sentence !== undefined) return `${sentence} ${advice.replace("$1", found)}`;
  }
  const [sentence, name = ""] = NAMED.exec(message) ?? [];
  const advice = instead.get(name);
  return sentence === undefined || advice === undefined ? message : `${sentence} ${advice}`;
}
