// record.ts [KERNEL | FILE]...: records again what verifiers write of the programs of the corpus: this machine's, and, in virtual
// machines (scripts/kernel-vm.sh), those of Linux 6.1 and 6.12. Files (`maps`) or kernels that are named are recorded alone; when no
// file is and a kernel is, the objects are those that there are. Needs root, clang and QEMU; takes twenty minutes.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { release, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serialize } from "node:v8";
import { corpusFiles, corpusName, corpusObject, corpusPrograms } from "./corpus.ts";
import { type Logs, RECORDED_KERNELS, recordedObject, recordLogs, recordObject } from "./recording.ts";

const KERNEL_VM = fileURLToPath(new URL("../../../../scripts/kernel-vm.sh", import.meta.url));
const LOADER = fileURLToPath(new URL("load-corpus.ts", import.meta.url));
/** Seconds: a verifier that gives up after a million instructions takes minutes to do so where QEMU emulates the processor. */
const PATIENCE = "1500";
const LARGEST_OUTPUT = 512 * 1024 * 1024;

const here = /^\d+\.\d+/.exec(release())?.[0];
const named = RECORDED_KERNELS.filter((kernel) => process.argv.includes(kernel));
const kernels = named.length > 0 ? named : RECORDED_KERNELS;
const all = [...corpusFiles(".bpf.ts"), ...corpusFiles(".c")];
const chosen = all.filter((file) => process.argv.includes(corpusName(file)));
const files = chosen.length > 0 ? chosen : all;
const isNew = chosen.length > 0 || named.length === 0;
const objectOf = (file: string) => (isNew ? recordObject(file, corpusObject(file)) : recordedObject(file));
mkdirSync(fileURLToPath(new URL("../fixtures/refusals/", import.meta.url)), { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "weir-record-"));
try {
  const corpus = join(folder, "corpus");
  const programs = files.map((file) => [file, corpusPrograms(file, objectOf(file))] as const);
  writeFileSync(corpus, serialize(new Map(programs)));
  for (const kernel of kernels) {
    const load = [process.execPath, "--conditions=source", LOADER, corpus];
    const [command = "", ...words] = kernel === here ? load : [KERNEL_VM, kernel, ...load];
    const output = execFileSync(command, words, {
      encoding: "utf8",
      maxBuffer: LARGEST_OUTPUT,
      env: { ...process.env, KERNEL_VM_SECONDS: PATIENCE },
    });
    // load-corpus.ts printed it.
    const logs = JSON.parse(output) as [file: string, logs: [name: string, log: readonly string[] | null][]][];
    for (const [file, found] of logs) recordLogs(file, kernel, new Map(found) satisfies Logs);
  }
} finally {
  rmSync(folder, { recursive: true });
}
