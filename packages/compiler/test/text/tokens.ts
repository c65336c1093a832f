/** A word, a number, a text, a comment or a sign, where it stands in a source text. */
export interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|[A-Za-z_$][\w$]*|\d[\w.]*|>>>=|===|!==|>>>|<<=|>>=|&&|\|\||=>|\+\+|--|[-+*/%&|^<>=!]=|<<|>>|[^\s\w]/g;

/** The tokens of a text in the kernel language, without the space between them. */
export function tokensOf(text: string): readonly Token[] {
  return [...text.matchAll(TOKEN)].map(({ 0: token, index }) => ({
    text: token,
    start: index,
    end: index + token.length,
  }));
}
