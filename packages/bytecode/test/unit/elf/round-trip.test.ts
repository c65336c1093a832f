import { execFileSync } from "node:child_process";
import { type ObjectSpec, parseBtf, readObject, writeObject } from "@weir/bytecode";
import { requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { sampleObject } from "../../samples/object.ts";
import { TemporaryFile } from "../../samples/temporary-file.ts";

/** All but the BTF section, to which the writer adds the definitions of the maps. */
const withoutBtf = ({ btf: _, ...rest }: ObjectSpec) => rest;

describe("an object", () => {
  const bytes = writeObject(sampleObject());
  const read = readObject(bytes);

  test("is read as it was written", () => {
    expect(withoutBtf(read)).toEqual(withoutBtf(sampleObject()));
    expect(writeObject(read)).toEqual(bytes);
  });

  test("keeps the ids of its types and the places of its strings", () => {
    const before = parseBtf(sampleObject().btf ?? new Uint8Array());
    const after = parseBtf(read.btf ?? new Uint8Array());

    for (let id = 0; id < before.count; id++) expect(after.type(id)).toEqual(before.type(id));
    const [line] = read.programs.get("pass_all")?.lines ?? [];
    expect(after.string(line?.fileNameOffset ?? 0)).toBe("sample.bpf.ts");
  });

  test("holds several programs, each with its own copy of what it calls", () => {
    const object = sampleObject();
    const [program] = object.programs.values();
    if (program === undefined) throw new Error("the sample has a program");
    const second = { ...program, name: "with_frags", section: "xdp.frags", frags: true };
    const both = { ...object, programs: new Map(object.programs).set(second.name, second) };

    expect(withoutBtf(readObject(writeObject(both)))).toEqual(withoutBtf(both));
  });

  test("may be without maps, functions, configs and BTF", () => {
    const [program] = sampleObject().programs.values();
    if (program === undefined) throw new Error("the sample has a program");
    const bare = { ...program, instructions: program.instructions.slice(11), references: [], functions: [], lines: [] };
    const object = { license: "MIT", maps: new Map(), programs: new Map([[bare.name, bare]]), configs: new Map() };

    expect(readObject(writeObject({ ...object, btf: undefined }))).toEqual({ ...object, btf: undefined });
  });

  test("cannot refer to a map that it does not have", () => {
    expect(() => writeObject({ ...sampleObject(), maps: new Map() })).toThrow(/unknown map "STATS"/);
  });

  test.skipIf(requireTool("llvm-objdump"))("has the sections that other tools look for", () => {
    using file = new TemporaryFile("sample.o", bytes);
    const headers = execFileSync("llvm-objdump", ["-h", file.path], { encoding: "utf8" });
    const code = execFileSync("llvm-objdump", ["-d", "-r", "--mattr=+alu32", file.path], { encoding: "utf8" });

    for (const name of [".text", "xdp", ".maps", "license", ".BTF", ".BTF.ext", ".symtab", ".strtab", ".relxdp"]) {
      expect(headers).toMatch(new RegExp(`^ +\\d+ ${name.replaceAll(".", "\\.")} `, "m"));
    }
    expect(code).toMatch(/<pass_all>:/);
    expect(code).toMatch(/R_BPF_64_64\s+STATS/);
    expect(code).toMatch(/R_BPF_64_32\s+verdict/);
  });

  test.skipIf(requireTool("bpftool"))("has BTF that bpftool reads", () => {
    using file = new TemporaryFile("sample.o", bytes);
    const dump = execFileSync("bpftool", ["btf", "dump", "file", file.path], { encoding: "utf8" });

    expect(dump).toMatch(/STRUCT 'Stats' size=16 vlen=3/);
    expect(dump).toMatch(/DATASEC '.maps' size=40 vlen=1\n\ttype_id=\d+ offset=0 size=40 \(VAR 'STATS'\)/);
  });
});
