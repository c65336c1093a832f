import { readFileSync } from "node:fs";
import { VerifierError } from "@weir/kernel";
import { expect, test } from "vitest";
import { corpusFiles, corpusName, corpusPrograms } from "../refusals/corpus.ts";
import { recordedLogs, recordedObject } from "../refusals/recording.ts";

/** The messages of the newest kernel, by the file and the name of the program, as the page shows them: without folders and the log. */
function messages(): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of [...corpusFiles(".bpf.ts"), ...corpusFiles(".c")]) {
    const logs = recordedLogs(file, "6.18");
    for (const { name, object } of corpusPrograms(file, recordedObject(file))) {
      const [program] = object.programs.values();
      const log = logs.get(name);
      if (!program || !log) continue;
      const { message } = new VerifierError(program, 0, log, object.btf);
      const shown = message
        .replaceAll(/\S*\/(?=[\w.-]+\.(?:ts|c):\d)/g, "")
        .replace(/\n {2}\(\d+ lines? of the verifier.*$/, "");
      found.set(`${corpusName(file)} ${name}`, shown);
    }
  }
  return found;
}

const page = readFileSync(new URL("../../../../docs/verifier.md", import.meta.url), "utf8");
const shown = [...page.matchAll(/^```verifier\n(.*?)\n```$/gms)].map(([, text = ""]) => {
  const [, program = "", file = ""] = /program "(\w+)" at ([\w.-]+?)\.(?:bpf\.ts|c):/.exec(text) ?? [];
  return [`${file} ${program}`, text] as const;
});
const known = messages();

test("the page shows what is refused", () => {
  expect(shown.length).toBeGreaterThan(25);
});

test.each(shown)("%s is refused as the page says", (name, text) => {
  expect(text).toBe(known.get(name));
});
