/** Milliseconds after which other work of the process gets its turn. */
const TURN = 20;

/** Lets other work of the process have its turns while a file is worked on: asked after each frame, which must stay cheap. */
export class Turns {
  #end = performance.now() + TURN;

  /** Whether it is the others' turn. */
  get isDue(): boolean {
    return performance.now() > this.#end;
  }

  /** Waits until they had it. */
  async give(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#end = performance.now() + TURN;
  }
}
