import { relative } from "node:path";
import { ForksPoolWorker, type PoolOptions, type WorkerRequest } from "vitest/node";
import { type Lack, recordLeftOut } from "../requirements/left-out.ts";

/** A pattern that no test's name matches. */
const NOTHING = /(?!)/;

/** Skips all tests of its files, and names the files among what was left out: for a machine that cannot run them. */
export class LeftOutWorker extends ForksPoolWorker {
  override readonly name: string;
  readonly #lack: Lack;

  constructor(name: string, lack: Lack, options: PoolOptions) {
    super(options);
    this.name = name;
    this.#lack = lack;
  }

  override send(message: WorkerRequest): void {
    if (message.type !== "start") {
      if (message.type === "run")
        for (const { filepath } of message.context.files)
          recordLeftOut(this.#lack, `${relative(process.cwd(), filepath)} (${this.name})`);
      super.send(message);
      return;
    }
    const { context } = message;
    super.send({ ...message, context: { ...context, config: { ...context.config, testNamePattern: NOTHING } } });
  }
}
