/** A program did what no program that the verifier accepts does: it left its memory, used a register without a value… */
export class MachineError extends Error {
  override readonly name = "MachineError";
  readonly code = "WEIR_MACHINE";
  /** Where in the program, undefined when it has not begun. */
  readonly slot: number | undefined;

  constructor(problem: string, slot?: number) {
    super(slot === undefined ? problem : `slot ${slot}: ${problem}`);
    this.slot = slot;
  }
}
