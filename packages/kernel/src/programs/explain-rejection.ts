/** What a verifier's complaint means for a program written in TypeScript; the first pattern that fits counts. */
const COMPLAINTS: readonly (readonly [pattern: RegExp, ...advice: string[]])[] = [
  [
    /invalid access to packet/,
    "This read is not covered by a bounds check: the packet may end before it.",
    "Read through packet.at(…) and test the result for null.",
  ],
  [
    /R\d+ invalid mem access '(map_value_or_null|mem_or_null)'/,
    "The result of a look-up is used before it was tested for null.",
  ],
  [
    /invalid access to map value|R\d+ (min|max) value is outside of the allowed memory range/,
    "The index may lie outside of the value: compare it with the length first.",
  ],
  [/R\d+ !read_ok/, "A variable is read that has no value on some path."],
  [/R\d+ pointer comparison prohibited|pointer arithmetic on .* prohibited/, "A pointer is used as a number."],
  [
    /back-edge/,
    "Before Linux 6.7 the verifier takes a loop for endless when its code falls into its beginning, bounded or not.",
    "weir's compiler puts a jump there; for code of another one, write the loop in another way or load it on a newer kernel.",
  ],
  [
    /infinite loop detected/,
    "The loop has no bound that the verifier can see: count with a variable up to a constant.",
  ],
  [
    /(BPF program is too large|too many instructions|sequence of \d+ jumps is too complex)/,
    "The program is too complex to verify: move a part of it into a function of its own, or bound its loops lower.",
  ],
  [
    /combined stack size|stack depth|invalid (indirect )?(access|read|write) to stack/,
    "A function may use 512 bytes of stack.",
  ],
  [/unknown func|program of this type cannot use helper/, "This kernel has no such function for XDP programs."],
  [
    /cannot call GPL-restricted function/,
    "The object's licence must be compatible with the GPL, such as Dual MIT/GPL.",
  ],
];

export function explainRejection(reason: string): string[] {
  const row = COMPLAINTS.find(([pattern]) => pattern.test(reason));
  return row === undefined ? [] : row.slice(1).map(String);
}

/** What it means that the program reaches code for which the kernel lacks something. */
export function explainLack(lacking: string): string[] {
  return [
    `This kernel has no ${lacking}.`,
    "Ask first whether it exists, so that the verifier takes this code for unreachable where it does not.",
  ];
}
