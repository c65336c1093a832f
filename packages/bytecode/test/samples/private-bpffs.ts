import { execFileSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A BPF file system of the test's own, gone with all pins at the end of the scope. */
export class PrivateBpffs {
  readonly path: string = mkdtempSync(join(tmpdir(), "weir-bpffs-"));

  constructor() {
    execFileSync("mount", ["-t", "bpf", "bpf", this.path]);
  }

  [Symbol.dispose](): void {
    execFileSync("umount", [this.path]);
    rmdirSync(this.path);
  }
}
