import type { Block } from "@weir/codegen";
import type { JumpTarget } from "../tree/statement.ts";

/** Where `break` and `continue` of each loop and switch go. */
export class JumpBlocks {
  readonly #blocks = new Map<JumpTarget, { readonly onBreak: Block; readonly onContinue: Block | undefined }>();

  set(target: JumpTarget, onBreak: Block, onContinue?: Block): void {
    this.#blocks.set(target, { onBreak, onContinue });
  }

  find(kind: "break" | "continue", target: JumpTarget): Block {
    const blocks = this.#blocks.get(target);
    const block = kind === "break" ? blocks?.onBreak : blocks?.onContinue;
    if (block === undefined) throw new Error(`${kind} outside ${target.name}`);
    return block;
  }
}
