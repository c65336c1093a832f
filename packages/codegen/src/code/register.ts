/** A register: 0 to 10 are the machine's, numbers from {@link FIRST_VIRTUAL} are to be allocated. */
export type Register = number;

/** r10, the frame pointer: read only, never allocated. */
export const FRAME: Register = 10;
/** r0: what a function gives. */
export const RESULT: Register = 0;
export const FIRST_VIRTUAL: Register = 16;
/** Lost in calls: the result and the arguments. */
export const CALL_CLOBBERED: readonly Register[] = [0, 1, 2, 3, 4, 5];

export function isVirtual(register: Register): boolean {
  return register >= FIRST_VIRTUAL;
}
