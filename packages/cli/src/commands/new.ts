import { toJson } from "@weir/engine/json";
import { Command } from "commander";
import { newProject } from "../development/new-project.ts";
import { write } from "../session.ts";
import { version } from "../version.ts";
import type { Declaration } from "./declaration.ts";
import { jsonOption } from "./option-values.ts";

export const declaration: Declaration = (session) =>
  new Command("new")
    .summary("make a project with a kernel program and its test")
    .description("Makes a folder with a kernel program, its records, a test, and what npm and an editor need of it.")
    .argument("<name>", "name of the project and of its folder")
    .addOption(jsonOption("what was made as an object"))
    .action(async (name: string, { json }: { readonly json?: true }) => {
      const files = newProject(name, version());
      const said = [
        `Made ${name}: ${files.join(", ")}.`,
        `Go on with: cd ${name} && npm install && npm test`,
        `Then: sudo npx weir run src/kernel/drop-port.bpf.ts INTERFACE --watch`,
      ];
      const text = json ? toJson({ folder: name, files }) : said.join("\n");
      await write(session.output, `${text}\n`, session.signal);
    });
