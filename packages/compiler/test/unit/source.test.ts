import { relative, resolve } from "node:path";
import { expect, test } from "vitest";
import { compile, Source } from "../../src/index.ts";

const ENTRY = "/filter.bpf.ts";

const records = (field: string): string =>
  `import { struct, u8, u32 } from "@weir/bytecode/layout";\nexport const Header = struct({ before: u32, ${field} });\n`;
const program = (bound: number): string => `
import { XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
import { Header } from "./records.ts";

export const drop_some = xdp((packet) => {
  const header = packet.at(Header, 0);
  return header !== null && header.kind > ${bound} ? XDP_DROP : XDP_PASS;
});
`;

/** Files that a test changes. */
class Files {
  readonly texts = new Map<string, string>();
  readonly #entry: string;
  readonly source: Source;

  constructor(entry = ENTRY) {
    this.#entry = entry;
    this.source = new Source(entry);
  }

  /** What has been remembered must not show: the result is that of a compiler which sees the files for the first time. */
  codes(): readonly string[] {
    const readFile = (name: string): string | undefined => this.texts.get(resolve(name));
    const again = this.source.compile({ readFile });
    const anew = compile(this.#entry, { readFile });
    expect(again).toEqual(anew);
    return again.diagnostics.map(({ code }) => code);
  }
}

test.for([ENTRY, relative("", ENTRY), `./${relative("", ENTRY)}`])(
  "%s is compiled again as for the first time",
  (entry) => {
    const files = new Files(entry);
    files.texts.set("/filter.bpf.ts", program(5)).set("/records.ts", records("kind: u8"));
    expect(files.codes()).toEqual([]);
    expect(files.codes()).toEqual([]);
    files.texts.set("/filter.bpf.ts", program(7));
    expect(files.codes()).toEqual([]);
    files.texts.set("/records.ts", records("kind: u32"));
    expect(files.codes()).toEqual([]);
  },
);

test("a mistake that a change makes elsewhere is found, and gone when it is mended", () => {
  const files = new Files();
  files.texts.set("/filter.bpf.ts", program(5)).set("/records.ts", records("kind: u8"));
  expect(files.codes()).toEqual([]);
  files.texts.set("/records.ts", records("sort: u8"));
  expect(files.codes()).toEqual(["TS2339"]);
  expect(files.codes()).toEqual(["TS2339"]);
  files.texts.set("/records.ts", records("kind: u8"));
  expect(files.codes()).toEqual([]);
  files.texts.set("/filter.bpf.ts", program(300));
  expect(files.codes()).toEqual(["WEIR1105"]);
});

test("files may come and go", () => {
  const files = new Files();
  expect(files.codes()).toEqual(["WEIR1000"]);
  files.texts.set("/filter.bpf.ts", program(5));
  expect(files.codes()).toEqual(["TS2307"]);
  files.texts.set("/records.ts", records("kind: u8"));
  expect(files.codes()).toEqual([]);
  files.texts.delete("/records.ts");
  expect(files.codes()).toEqual(["TS2307"]);
});

test("what a file means is looked at again when something far behind its imports changes", () => {
  const files = new Files();
  const head = (imports: string) => `import type { u32 } from "@weir/bytecode/layout";\n${imports}\n`;
  const limit = (value: string) => `${head("")}export const limit: u32 = ${value};\n`;
  files.texts
    .set("/limit.ts", limit("100"))
    .set("/table.ts", `export { limit } from "./limit.ts";\n`)
    .set("/other.ts", `${head("")}export function half(length: u32): u32 { return length >> 1; }\n`)
    .set(
      "/large.ts",
      `${head('import { limit } from "./table.ts";')}export function isLarge(length: u32): boolean { return length > limit; }\n`,
    )
    .set(
      "/filter.bpf.ts",
      `import { XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
import { half } from "./other.ts";
import { isLarge } from "./large.ts";
export const drop_large = xdp((packet) => (isLarge(half(packet.length)) ? XDP_DROP : XDP_PASS));
`,
    );
  expect(files.codes()).toEqual([]);
  files.texts.set("/limit.ts", limit("200"));
  expect(files.codes()).toEqual([]);
  files.texts.set("/limit.ts", limit("-1"));
  expect(files.codes()).toEqual(["WEIR1105"]);
  files.texts.set("/limit.ts", limit("300"));
  expect(files.codes()).toEqual([]);
  // The name leads to another file, though the one that names it is as it was.
  files.texts.set("/table.ts", `export { limit } from "./limits.ts";\n`);
  expect(files.codes()).toEqual(["TS2307"]);
  files.texts.set("/limits.ts", limit("400"));
  expect(files.codes()).toEqual([]);
});

test("an import that leads to another file is noticed, though no file has changed", () => {
  const files = new Files();
  const limit = (value: number) =>
    `import type { u32 } from "@weir/bytecode/layout";\nexport const limit: u32 = ${value};\n`;
  files.texts
    .set("/lib/package.json", '{ "types": "./one.ts" }')
    .set("/lib/one.ts", limit(100))
    .set("/lib/two.ts", limit(200))
    .set(
      "/large.ts",
      `import type { u32 } from "@weir/bytecode/layout";
import { limit } from "./lib";
export function isLarge(length: u32): boolean { return length > limit; }
`,
    )
    .set(
      "/odd.ts",
      `import type { u32 } from "@weir/bytecode/layout";
import { isLarge } from "./large.ts";
import { limit as one } from "./lib/one.ts";
import { limit as two } from "./lib/two.ts";
export function isOdd(length: u32): boolean { return isLarge(length) && length !== one + two; }
`,
    )
    .set(
      "/filter.bpf.ts",
      `import { XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
import { isOdd } from "./odd.ts";
export const drop_odd = xdp((packet) => (isOdd(packet.length) ? XDP_DROP : XDP_PASS));
`,
    );
  expect(files.codes()).toEqual([]);
  files.texts.set("/lib/package.json", '{ "types": "./two.ts" }');
  expect(files.codes()).toEqual([]);
  expect(files.codes()).toEqual([]);
});
