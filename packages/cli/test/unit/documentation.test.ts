import { readFileSync } from "node:fs";
import { COUNTER_NAMES } from "@weir/engine";
import { Help } from "commander";
import { describe, expect, test } from "vitest";
import type { Declaration } from "../../src/commands/declaration.ts";
import { exitCodeTable, FAILURES } from "../../src/exit-codes.ts";
import { fakeSession } from "./fake-session.ts";

function documentText(name: string): string {
  return readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), "utf8");
}

/** The sections of a document by their headings. */
function sectionsOf(name: string): Map<string, string> {
  const [, ...sections] = documentText(name).split(/^## /m);
  return new Map(sections.map((text) => [text.slice(0, text.indexOf("\n")), text]));
}

/** The rows of the tables in a text whose first cell is code. */
function rowsOf(text: string): [code: string, meaning: string][] {
  return [...text.matchAll(/^\| `([^`]+)` \| (.*) \|$/gm)].map(([, code = "", meaning = ""]) => [code, meaning]);
}

describe("the documented exit codes", () => {
  test("are those of the program", () => {
    const documented = [...documentText("commands.md").matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(
      ([, code, meaning]) => ({
        code: Number(code),
        meaning,
      }),
    );
    expect(documented).toEqual(exitCodeTable());
  });

  test("ascend, and each is one thing", () => {
    const codes = exitCodeTable().map(({ code }) => code);
    expect(codes).toEqual([...codes].sort((a, b) => a - b));
    expect(new Set(codes).size).toBe(codes.length);
  });

  test("have each a section on what to do, with the names that programs see", () => {
    const sections = new Map([...sectionsOf("troubleshooting.md")].filter(([heading]) => /^\d/.test(heading)));
    const failures = exitCodeTable().filter(({ code }) => code !== 0);
    expect([...sections.keys()]).toEqual(failures.map(({ code, meaning }) => `${code}: ${meaning}`));
    for (const [name, { code, meaning }] of Object.entries(FAILURES))
      expect(sections.get(`${code}: ${meaning}`)).toContain(`\`${name}\``);
  });
});

describe("the documented commands", () => {
  const sections = new Map([...sectionsOf("commands.md")].filter(([heading]) => heading.startsWith("weir ")));

  test("are those of the program", async () => {
    const session = fakeSession();
    const { runCommandLine } = await import("../../src/command-line.ts");
    await runCommandLine(["--help"], session);
    const [, list = ""] = session.output.text.split("Commands:\n");
    const commands = [...list.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name).filter((name) => name !== "help");
    const documented = new Set([...sections.keys()].map((heading) => heading.split(" ")[1]));
    expect([...documented]).toEqual(commands);
  });

  test.each([...sections])("%s", async (heading, text) => {
    const [, name = "", ...rest] = heading.split(" ");
    const module: { declaration: Declaration } = await import(`../../src/commands/${name}.ts`);
    const outer = module.declaration(fakeSession(), () => {});
    const inner = outer.commands.find((each) => each.name() === rest[0]);
    const [command, words] = inner === undefined ? [outer, rest] : [inner, rest.slice(1)];
    const help = new Help();
    expect(words).toEqual(
      command.registeredArguments.map((argument) => argument.name().toUpperCase() + (argument.variadic ? "…" : "")),
    );
    expect(rowsOf(text)).toEqual(command.options.map((option) => [option.flags, help.optionDescription(option)]));
  });
});

test("the documented counters are those of the program", () => {
  const [, table = ""] = documentText("counting.md").split("| --- | --- |");
  const names = [...table.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, cell = ""]) => cell.match(/\w+/g) ?? []);
  expect(names.sort()).toEqual([...COUNTER_NAMES].sort());
});

test.each(["balance", "rules"])("every subcommand of %s is documented", async (name) => {
  const module: { declaration: Declaration } = await import(`../../src/commands/${name}.ts`);
  const headings = [...documentText("commands.md").matchAll(/^## weir (\w+) (\w+)/gm)];
  const documented = headings.flatMap(([, command, subcommand]) => (command === name ? [subcommand] : []));
  const { commands } = module.declaration(fakeSession(), () => {});
  expect(documented).toEqual(commands.map((command) => command.name()));
});
