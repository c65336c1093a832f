import { expect, test } from "vitest";
import { compile, Source } from "../../src/index.ts";

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
  readonly source = new Source("/filter.bpf.ts");

  /** What has been remembered must not show: the result is that of a compiler which sees the files for the first time. */
  codes(): readonly string[] {
    const readFile = (name: string): string | undefined => this.texts.get(name);
    const again = this.source.compile({ readFile });
    const anew = compile("/filter.bpf.ts", { readFile });
    expect(again).toEqual(anew);
    return again.diagnostics.map(({ code }) => code);
  }
}

test("a source that is compiled again gives what it gives for the first time", () => {
  const files = new Files();
  files.texts.set("/filter.bpf.ts", program(5)).set("/records.ts", records("kind: u8"));
  expect(files.codes()).toEqual([]);
  expect(files.codes()).toEqual([]);
  files.texts.set("/filter.bpf.ts", program(7));
  expect(files.codes()).toEqual([]);
  files.texts.set("/records.ts", records("kind: u32"));
  expect(files.codes()).toEqual([]);
});

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
