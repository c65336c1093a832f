/** What an XDP program can decide, in the order of the kernel's numbers (XDP_ABORTED is 0). */
export const VERDICTS = ["aborted", "drop", "pass", "tx", "redirect"] as const;

/** Name of an XDP verdict. */
export type Verdict = (typeof VERDICTS)[number];
