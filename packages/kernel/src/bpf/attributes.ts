import { arena } from "../memory/arena.ts";
import type { MemoryBlock } from "../memory/memory-block.ts";
import type { FieldOf, Structure } from "../uapi/structure.ts";
import { StructureView } from "../uapi/structure-view.ts";

/** The argument of one bpf(2) call: zero but for what is set, as the kernel demands of fields it does not know yet. */
export class Attributes<S extends Structure = Structure> extends StructureView<S> implements Disposable {
  readonly block: MemoryBlock;

  constructor(structure: S, values: { readonly [F in FieldOf<S>]?: number | bigint } = {}) {
    const block = arena().allocate(structure.size);
    super(structure, block.view);
    this.block = block;
    this.assign(values);
  }

  [Symbol.dispose](): void {
    this.block[Symbol.dispose]();
  }
}
