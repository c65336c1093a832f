import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file in a folder of its own, removed at the end of the scope: `using file = new TemporaryFile("a.o", bytes)`. */
export class TemporaryFile {
  readonly folder: string = mkdtempSync(join(tmpdir(), "weir-bytecode-"));
  readonly path: string;

  constructor(name: string, content: Uint8Array | string) {
    this.path = join(this.folder, name);
    writeFileSync(this.path, content);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
