import { InvalidArgumentError, Option } from "commander";

/** Values of `config()`s, by name. */
export type Settings = Readonly<Record<string, bigint>>;

/** Options of the commands that compile. */
export const setOption = (what: string) =>
  new Option("--set <name=value>", what).argParser(setting).default({}, "none");

export const watchOption = (what: string) =>
  new Option("--watch", `${what} each time the file, or one that it imports, is saved`);

function setting(text: string, before: Settings): Settings {
  const [, name, value] = /^([A-Za-z_]\w*)=(-?(?:\d+|0x[\da-fA-F]+))$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("It must be NAME=NUMBER.");
  return { ...before, [name]: value.startsWith("-") ? -BigInt(value.slice(1)) : BigInt(value) };
}
