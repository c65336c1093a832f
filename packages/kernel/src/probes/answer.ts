/** What asking the kernel gave: it can, it cannot, or it would not say. */
export type Answer =
  | { readonly answer: "yes" }
  | { readonly answer: "no"; readonly reason: string }
  | { readonly answer: "unknown"; readonly reason: string };

export const YES: Answer = { answer: "yes" };

export function no(reason: string): Answer {
  return { answer: "no", reason };
}

export function unknown(reason: string): Answer {
  return { answer: "unknown", reason };
}
