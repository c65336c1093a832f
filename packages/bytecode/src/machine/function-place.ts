/** A function of a program, which its address stands for. */
export class FunctionPlace {
  readonly program: string;
  readonly slot: number;

  constructor(program: string, slot: number) {
    this.program = program;
    this.slot = slot;
  }
}
