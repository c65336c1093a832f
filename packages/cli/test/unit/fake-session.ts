import * as development from "@weir/engine/development";
import { loadCompiler } from "../../src/compiler.ts";
import type { Engine } from "../../src/engine.ts";
import type { Output, Session } from "../../src/session.ts";

/** Keeps what is written to it. */
export class FakeOutput implements Output {
  text = "";
  readonly isTTY: boolean;
  readonly columns: number | undefined;
  readonly rows: number | undefined;
  #resize: (() => void) | undefined;

  constructor({ isTTY = false, columns, rows }: { isTTY?: boolean; columns?: number; rows?: number } = {}) {
    this.isTTY = isTTY;
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string, written?: () => void): boolean {
    this.text += text;
    written?.();
    return true;
  }

  once(): void {}

  on(event: "resize", listener: () => void): void {
    if (event === "resize") this.#resize = listener;
  }

  off(): void {
    this.#resize = undefined;
  }

  resize(): void {
    this.#resize?.();
  }
}

/** What a test may set of a session. */
export interface FakeSessionOptions {
  readonly output?: FakeOutput;
  readonly signal?: AbortSignal;
  readonly environment?: Record<string, string>;
  readonly engine?: Partial<Engine>;
}

/** A session that keeps what is printed, with an engine that can do what the test gives it and nothing else. */
export function fakeSession(options: FakeSessionOptions = {}) {
  const session = {
    output: options.output ?? new FakeOutput(),
    errors: new FakeOutput(),
    signal: options.signal ?? new AbortController().signal,
    letSignalsEnd: () => {},
    onHangUp: () => {},
    environment: options.environment ?? {},
    // The functions that are not given fail with a TypeError when they are called, which is what a test wants.
    engine: async () => (options.engine ?? {}) as Engine,
    development: async () => development,
    compiler: loadCompiler,
  };
  return session satisfies Session;
}
