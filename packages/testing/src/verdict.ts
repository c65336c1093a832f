/** What an XDP program can decide, in the order of the kernel's numbers (XDP_ABORTED is 0). */
export const VERDICTS = ["aborted", "drop", "pass", "tx", "redirect"] as const;

/** Name of an XDP verdict. */
export type Verdict = (typeof VERDICTS)[number];

/** What a tcx program decides, by the kernel's numbers (`enum tcx_action_base`). */
const SOCKET_BUFFER_VERDICTS: Readonly<Record<number, Verdict | "next">> = {
  "-1": "next",
  0: "pass",
  2: "drop",
  7: "redirect",
};

/** The word for what a program gave; undefined where it is none of the verdicts of its type. */
export function verdictOf(type: string, result: number): Verdict | "next" | undefined {
  if (type === "xdp") return VERDICTS[result];
  return type === "tcx" ? SOCKET_BUFFER_VERDICTS[result] : undefined;
}
