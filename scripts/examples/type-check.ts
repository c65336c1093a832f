import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Problem } from "./example.ts";
import type { Stage } from "./stage.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const GIVEN = fileURLToPath(new URL("given.d.ts", import.meta.url));

/** Type-checks the examples of user space with the settings of the repository's own tests. */
export function typeCheck(stage: Stage): Problem[] {
  const files = [...stage.files].filter(([, { isKernel }]) => !isKernel).map(([file]) => file);
  if (files.length === 0) return [];
  const config = join(stage.folder, "tsconfig.json");
  // An example may declare what it only shows.
  const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false, moduleDetection: "force" };
  const settings = {
    extends: join(ROOT, "tsconfig.tests.json"),
    compilerOptions,
    include: [],
    files: [GIVEN, ...files],
  };
  writeFileSync(config, JSON.stringify(settings));
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const { stdout, stderr, error } = spawnSync(process.execPath, [tsc, "-p", config, "--pretty", "false"], {
    cwd: stage.folder,
    encoding: "utf8",
  });
  if (error) throw error;
  if (stderr) throw new Error(stderr);
  // Lines that begin with a blank go on with the message before.
  const messages = stdout.split(/\n(?! |$)/).filter((message) => message !== "");
  return messages.map((text) => {
    const [, file = "", line = "", message = text] = /^(\S+?)\((\d+),\d+\): error (.*)$/s.exec(text.trim()) ?? [];
    return { place: stage.place(resolve(stage.folder, file), Number(line)) ?? (file || "tsc"), message };
  });
}
