import type { Expectation } from "./markers.ts";

/** What a {@link VerifierError} says, as far as the corpus looks. */
interface Refusal {
  readonly kind: string;
  readonly position: { readonly line: number } | undefined;
  readonly calls: readonly { readonly position: { readonly line: number } }[];
  readonly because: { readonly position: { readonly line: number } | undefined } | undefined;
  readonly message: string;
}

/** What is not as the comments of the corpus say. */
export function differences(refusal: Refusal, expected: Expectation): string[] {
  const found: string[] = [];
  const compare = (what: string, is: unknown, shall: unknown) => {
    if (is !== shall) found.push(`${what} is ${is}, not ${shall}`);
  };
  if (!expected.kinds.includes(refusal.kind)) compare("the kind", refusal.kind, expected.kinds.join(" or "));
  compare("the line", refusal.position?.line, expected.line);
  if (expected.because !== undefined) compare("the cause's line", refusal.because?.position?.line, expected.because);
  if (expected.calls.length > 0) {
    compare("the calls", refusal.calls.map(({ position }) => position.line).join(), expected.calls.join());
  }
  for (const text of expected.says) if (!refusal.message.includes(text)) found.push(`it does not say "${text}"`);
  return found.length === 0 ? [] : [...found, refusal.message];
}
