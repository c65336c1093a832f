/** What the verifier had to do for a program. */
export interface VerifierStatistics {
  /** Instructions that it went through, on all ways; the kernel allows a million. */
  readonly instructions: number;
  /** States that it kept to compare with, altogether and at most at a time. */
  readonly states: number;
  readonly peakStates: number;
  readonly microseconds: number;
  /** Bytes of stack of each function, in the order of their code. */
  readonly stack: readonly number[];
}

/** Reads the last lines of a verifier's log; undefined when they are not there. */
export function readStatistics(log: readonly string[]): VerifierStatistics | undefined {
  const text = log.join("\n");
  const processed = /^processed (\d+) insns .* total_states (\d+) peak_states (\d+)/m.exec(text);
  if (processed === null) return undefined;
  const [, instructions, states, peakStates] = processed.map(Number);
  const depths = /^stack depth ([\d+]+)/m.exec(text)?.[1] ?? "";
  return {
    instructions: instructions ?? 0,
    states: states ?? 0,
    peakStates: peakStates ?? 0,
    microseconds: Number(/^verification time (\d+) usec/m.exec(text)?.[1] ?? 0),
    stack: depths.split("+").map(Number),
  };
}
