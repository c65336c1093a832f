/** What docs/rules.md shows of rules on interfaces is what the commands print. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireRoot, requireTool } from "@weir/laboratory";
import { expect, test } from "vitest";
import { network, sendUdp } from "./network.ts";
import { weirWords } from "./weir.ts";

const DOCUMENT = readFileSync(new URL("../../../../docs/rules.md", import.meta.url), "utf8");
const RULES = `rules:
  - { name: seen, match: udp, action: count, comment: all of it }
  - { name: echo, match: udp and dst port 7, action: drop }
`;

/** The commands of a section, each with what is printed below it. */
function shown(): readonly (readonly [command: string, printed: string])[] {
  const section = DOCUMENT.slice(DOCUMENT.indexOf("\n## Rules on interfaces\n"));
  return [...section.matchAll(/^```console\n(.*?)^```$/gms)].flatMap(([, block = ""]) =>
    block.split(/^\$ /m).flatMap((text) => {
      const end = text.indexOf("\n");
      return end < 0 ? [] : [[text.slice(0, end), text.slice(end + 1)] as const];
    }),
  );
}

/** The commands that are shown without what they print. */
function line(start: string): string {
  const found = DOCUMENT.split("\n").find((text) => text.startsWith(start));
  return found?.replace(/ +#.*/, "") ?? "";
}

/** Times and counts differ from run to run, and the widths of columns with them. */
function alike(text: string): string {
  return text
    .replace(/never|\d+ (s|min)\b/g, "0 s")
    .replace(/\d+/g, "0")
    .replace(/ +/g, " ");
}

test.skipIf(requireRoot() ?? requireTool("ip", "nsenter"))("the commands print what docs/rules.md shows", async () => {
  using net = network({ names: ["eth0", "veth0"] });
  const directory = mkdtempSync(join(tmpdir(), "weir-document-"));
  writeFileSync(join(directory, "rules.yaml"), RULES);
  const [node, words] = weirWords([]);
  const run = (command: string): string => {
    const script = [
      'weir="$*"',
      'weir() { $weir "$@" 2>&1; }',
      "export SSH_CONNECTION='203.0.113.9 50000 192.0.2.1 22'",
      `cd ${directory}`,
      // The document has longer to wait than a test.
      command.replace("30s", "2s"),
    ];
    return net.near.try("sh", ["-c", script.join("\n"), "sh", node, ...words]).stdout;
  };
  /** What has happened before a command. */
  const before: Readonly<Record<string, () => unknown>> = {
    "weir rules list eth0": () => sendUdp(net.far, 5),
    "weir rules diff rules.yaml eth0": () => [run(line("weir drop eth0 udp")), run(line("weir rules add eth0 office"))],
    "weir rules log eth0 --count 2": () => sendUdp(net.far, 2),
    "weir drop eth0 tcp dst port 22": () => run(line("weir rules remove eth0 --all")),
  };
  try {
    const commands = shown();
    expect(commands.map(([command]) => command)).toEqual(expect.arrayContaining(Object.keys(before)));
    for (const [command, printed] of commands) {
      await before[command]?.();
      expect(alike(run(command)), command).toBe(alike(printed));
    }
  } finally {
    run("weir detach eth0");
    rmSync(directory, { recursive: true });
  }
});
