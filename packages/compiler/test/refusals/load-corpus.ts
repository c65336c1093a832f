// load-corpus.ts FILE: loads the programs that record.ts put into FILE, and prints what the verifier writes of each.
import { readFileSync } from "node:fs";
import { deserialize } from "node:v8";
import { loadObject, VerifierError } from "@weir/kernel";
import type { CorpusProgram } from "./corpus.ts";
import { shortened } from "./recording.ts";

function logOf({ object }: CorpusProgram): readonly string[] | null {
  try {
    using loaded = loadObject(object);
    for (const name of object.programs.keys()) loaded.program(name);
    return null;
  } catch (error) {
    if (error instanceof VerifierError) return shortened(error.log);
    throw error;
  }
}

// record.ts wrote it.
const files = deserialize(readFileSync(process.argv[2] ?? "")) as ReadonlyMap<string, readonly CorpusProgram[]>;
const logs = [...files].map(([file, programs]) => [file, programs.map((program) => [program.name, logOf(program)])]);
process.stdout.write(JSON.stringify(logs));
