import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ObjectSpec, writeObject } from "@weir/bytecode";
import { requireTool, runCommand } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { compileFixture, fixturePrograms } from "../fixture-programs.ts";

/** With a BPF file system of its own where bpftool looks for it. */
const LOAD = `mount -t bpf bpf /sys/fs/bpf; bpftool prog loadall "$0" /sys/fs/bpf/all; ls /sys/fs/bpf/all`;

/** The libbpf 1.1 in Debian 12's bpftool has no sections for tcx, which came with Linux 6.6: it knows their predecessor. */
function knownToBpftool({ programs }: ObjectSpec): ObjectSpec["programs"] {
  const renamed = [...programs.values()].map((program) =>
    program.type === "tcx" ? { ...program, section: "tc" } : program,
  );
  return new Map(renamed.map((program) => [program.name, program]));
}

describe.skipIf(requireTool("bpftool", "nsenter"))("bpftool loads all programs of an object", () => {
  test.for(fixturePrograms)("%s", (name) => {
    const { object } = compileFixture(name);
    if (object === undefined) throw new Error(`${name} has mistakes`);
    const programs = knownToBpftool(object);
    const place = mkdtempSync(join(tmpdir(), "weir-bpftool-"));
    try {
      const file = join(place, "object.o");
      writeFileSync(file, writeObject({ ...object, programs }));
      const loaded = runCommand("unshare", ["--mount", "sh", "-ec", LOAD, file]);
      expect(loaded.trim().split("\n")).toEqual([...programs.keys()].toSorted());
    } finally {
      rmSync(place, { recursive: true });
    }
  });
});
