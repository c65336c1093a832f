import { Mistake } from "../diagnostics/mistake.ts";
import type { Span } from "../source-file.ts";
import type { JumpTarget } from "../tree/statement.ts";

interface Enclosing {
  readonly target: JumpTarget;
  readonly label: string | undefined;
  readonly isLoop: boolean;
}

/** The loops and switches around a statement. */
export class JumpTargets {
  readonly #enclosing: Enclosing[] = [];
  #label: string | undefined;

  /** The label that the next loop has. */
  label(label: string): void {
    this.#label = label;
  }

  /** What `work` gives, within a new loop or switch. */
  within<T>(isLoop: boolean, work: (target: JumpTarget) => T): T {
    const target: JumpTarget = Object.freeze({ name: isLoop ? "loop" : "switch" });
    this.#enclosing.push({ target, label: this.#label, isLoop });
    this.#label = undefined;
    try {
      return work(target);
    } finally {
      this.#enclosing.pop();
    }
  }

  find(kind: "break" | "continue", label: string | undefined, span: Span): JumpTarget {
    const found = this.#enclosing.findLast(
      (enclosing) => (label === undefined || enclosing.label === label) && (kind === "break" || enclosing.isLoop),
    );
    if (found === undefined) throw new Mistake("WEIR1004", span);
    return found.target;
  }
}
