import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeObject } from "@weir/bytecode";
import { requireTool, runCommand } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/index.ts";

const folder = fileURLToPath(new URL("../fixtures/programs/", import.meta.url));
const names = readdirSync(folder).filter((file) => file.endsWith(".bpf.ts"));
/** With a BPF file system of its own where bpftool looks for it. */
const LOAD = `mount -t bpf bpf /sys/fs/bpf; bpftool prog loadall "$0" /sys/fs/bpf/all; ls /sys/fs/bpf/all`;

describe.skipIf(requireTool("bpftool", "nsenter"))("bpftool loads all programs of an object", () => {
  test.for(names)("%s", (name) => {
    const { object } = compile(`${folder}${name}`);
    if (object === undefined) throw new Error(`${name} has mistakes`);
    const place = mkdtempSync(join(tmpdir(), "weir-bpftool-"));
    try {
      const file = join(place, "object.o");
      writeFileSync(file, writeObject(object));
      const loaded = runCommand("unshare", ["--mount", "sh", "-ec", LOAD, file]);
      expect(loaded.trim().split("\n")).toEqual([...object.programs.keys()].toSorted());
    } finally {
      rmSync(place, { recursive: true });
    }
  });
});
