import ts from "typescript";

/** What the language does not have, and what to write instead. */
const remedies: ReadonlyMap<ts.SyntaxKind, readonly [what: string, remedy: string]> = new Map([
  [ts.SyntaxKind.EnumDeclaration, ["an enum", "write `const Name = { First: 0, Second: 1 } as const`"]],
  [
    ts.SyntaxKind.ClassDeclaration,
    ["a class", "describe records with struct({ … }), and write functions that take them"],
  ],
  [
    ts.SyntaxKind.ClassExpression,
    ["a class", "describe records with struct({ … }), and write functions that take them"],
  ],
  [ts.SyntaxKind.ForInStatement, ["`for … in`", "go through numbers with `for (const i of range(n))`"]],
  [ts.SyntaxKind.TryStatement, ["`try`", "nothing is thrown in the kernel: look at what a call returns"]],
  [ts.SyntaxKind.ThrowStatement, ["`throw`", "return a number that says what happened"]],
  [ts.SyntaxKind.TypeOfExpression, ["`typeof`", "types are known while compiling: nothing is left to ask"]],
  [
    ts.SyntaxKind.TemplateExpression,
    ["text with values in it", "send the values to user space and put the text together there"],
  ],
  [ts.SyntaxKind.DeleteExpression, ["`delete`", "a map's entry is removed with `map.delete(key)`"]],
  [ts.SyntaxKind.NewExpression, ["`new`", "a record is made as `const key: Value<typeof Key> = { … }`"]],
  [ts.SyntaxKind.AwaitExpression, ["`await`", "kernel programs run from start to end at once"]],
  [ts.SyntaxKind.YieldExpression, ["`yield`", "kernel programs run from start to end at once"]],
  [ts.SyntaxKind.ThisKeyword, ["`this`", "give the function what it works with as a parameter"]],
  [ts.SyntaxKind.AsteriskAsteriskToken, ["`**`", "multiply, or shift: `1 << n` is a power of two"]],
  [ts.SyntaxKind.AsteriskAsteriskEqualsToken, ["`**=`", "multiply, or shift: `1 << n` is a power of two"]],
  [ts.SyntaxKind.CommaToken, ["`,` between expressions", "write two statements"]],
  [ts.SyntaxKind.EqualsEqualsToken, ["`==`", "write `===`"]],
  [ts.SyntaxKind.ExclamationEqualsToken, ["`!=`", "write `!==`"]],
  [ts.SyntaxKind.InKeyword, ["`in`", "which fields a record has is known while compiling"]],
  [ts.SyntaxKind.InstanceOfKeyword, ["`instanceof`", "types are known while compiling: nothing is left to ask"]],
  [ts.SyntaxKind.QuestionQuestionEqualsToken, ["`??=`", "write `if (x === null) x = …`"]],
  [ts.SyntaxKind.BarBarEqualsToken, ["`||=`", "write `if (!x) x = …`"]],
  [ts.SyntaxKind.AmpersandAmpersandEqualsToken, ["`&&=`", "write `if (x) x = …`"]],
  [
    ts.SyntaxKind.GreaterThanGreaterThanGreaterThanEqualsToken,
    ["`>>>=`", "write `>>=`: unsigned numbers shift in zeros"],
  ],
  [ts.SyntaxKind.RegularExpressionLiteral, ["a regular expression", "compare bytes"]],
  [
    ts.SyntaxKind.SpreadElement,
    ["`...` in a list", "write the elements, or the array itself, which is copied: `{ field: array }`"],
  ],
]);

export interface Unsupported {
  readonly what: string;
  /** What to write instead, where there is something. */
  readonly remedy: string | undefined;
}

/** Where in the text it stands. */
export interface UnsupportedConstruct {
  readonly is: Unsupported;
  readonly node: ts.Node;
}

/** Whether the language is known not to have it. */
export const isUnsupported = ({ kind }: { readonly kind: ts.SyntaxKind }): boolean => remedies.has(kind);

/** A name for what the language does not have; of a kind that nobody thought of, `MetaProperty` becomes "a meta property". */
export function unsupported({ kind }: { readonly kind: ts.SyntaxKind }): Unsupported {
  const known = remedies.get(kind);
  if (known !== undefined) return { what: known[0], remedy: known[1] };
  const words = (ts.SyntaxKind[kind] ?? "this").replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return { what: /^[aeiou]/.test(words) ? `an ${words}` : `a ${words}`, remedy: undefined };
}

/** Of which what is written itself is the best name. */
export const unsupportedText = (what: string, remedy?: string): Unsupported => ({ what, remedy });
