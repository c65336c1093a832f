/** Writes into docs/attaching.md what `weir detect --json` says of an interface of each kind that this machine can have. Needs root. */
import { readFileSync, writeFileSync } from "node:fs";
import { release } from "node:os";
import type { Answer, DetectedInterface, Detection } from "@weir/engine";
import { interfacesOfKinds, NetworkNamespace, runCommand } from "@weir/laboratory";
import { ROOT } from "./examples/check.ts";

const DOCUMENT = `${ROOT}/docs/attaching.md`;
const PLACE = /(?<=<!-- detected -->\n).*?(?=<!-- \/detected -->)/s;
const WEIR = [`${ROOT}/packages/cli/bin/weir.cjs`, "detect", "--json"];

// The command's own output.
const parse = (json: string) => JSON.parse(json) as Detection;
const mark = ({ answer }: Answer): string => ({ yes: "yes", no: "no", unknown: "?" })[answer];

function row(what: string, { driver, xdp, recommendation }: DetectedInterface): string {
  const { native, redirect, redirectTarget, frags, zeroCopy, metadata } = xdp;
  const answers = [native, redirect, redirectTarget, frags, zeroCopy].map(mark);
  const cells = [
    what,
    driver?.name ?? "",
    ...answers,
    metadata?.join(", ") ?? "",
    recommendation.monitor.mode ?? "none",
  ];
  return `| ${cells.join(" | ")} |`;
}

using namespace = NetworkNamespace.create();
const kinds = interfacesOfKinds(namespace);
const virtual = parse(namespace.run(process.execPath, WEIR)).interfaces;
const rows = kinds.flatMap(({ what, name }) => {
  const found = virtual.find((each) => each.name === name);
  return found === undefined ? [] : [row(what, found)];
});
const own = parse(runCommand(process.execPath, WEIR)).interfaces.filter(({ kind }) => kind === "physical");
const lines = [
  `| kind (Linux ${release().split("-")[0]}) | driver | native | redirect | redirected to | frags | zero-copy | metadata | use |`,
  "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
  ...own.map((found) => row("the machine's own card", found)),
  ...rows,
];
const text = readFileSync(DOCUMENT, "utf8");
if (!PLACE.test(text)) throw new Error(`${DOCUMENT} has no place for the table`);
writeFileSync(DOCUMENT, text.replace(PLACE, `\n${lines.join("\n")}\n\n`));
