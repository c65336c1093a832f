/** Thrown where a program goes on as another one. */
export class TailCall extends Error {
  readonly program: string;

  constructor(program: string) {
    super(`a tail call of ${program}`);
    this.program = program;
  }
}
