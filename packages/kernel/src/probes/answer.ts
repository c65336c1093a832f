/** What asking the kernel gave: it can, it cannot, or it would not say. */
export type Answer =
  | { readonly answer: "yes" }
  | { readonly answer: "no"; readonly reason: string }
  | { readonly answer: "unknown"; readonly reason: string };

/**
 * Makes answers.
 *
 * @example
 * ```ts
 * Answer.no("the driver has no native XDP"); // { answer: "no", reason: "the driver has no native XDP" }
 * ```
 */
export const Answer = {
  yes: { answer: "yes" },
  no: (reason: string): Answer => ({ answer: "no", reason }),
  unknown: (reason: string): Answer => ({ answer: "unknown", reason }),
} as const satisfies Readonly<Record<Answer["answer"], Answer | ((reason: string) => Answer)>>;
