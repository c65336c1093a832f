import { mkdtempSync, readdirSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { requireRoot, requireTool, runCommand } from "@weir/laboratory";
import { describe, expect, test } from "vitest";

const objectFile = (name: string) => fileURLToPath(new URL(`../../dist/${name}.bpf.o`, import.meta.url));
const OBJECT = objectFile("monitor");

/** A BPF file system of its own, so that what bpftool pins there goes with it. */
class BpfFileSystem implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "weir-bpffs-"));

  constructor() {
    runCommand("mount", ["-t", "bpf", "bpf", this.path]);
  }

  [Symbol.dispose](): void {
    runCommand("umount", [this.path]);
    rmdirSync(this.path);
  }
}

describe("the built object", () => {
  test.skipIf(requireTool("llvm-objdump"))("has an xdp section", () => {
    expect(runCommand("llvm-objdump", ["-h", OBJECT])).toMatch(/^\s*\d+ xdp\s/m);
  });

  test.skipIf(requireRoot() ?? requireTool("bpftool"))(
    "is loaded by bpftool, which shows its TypeScript lines and names the fields of its maps",
    () => {
      using bpffs = new BpfFileSystem();
      const maps = join(bpffs.path, "maps");
      const program = join(bpffs.path, "program");
      runCommand("bpftool", ["prog", "load", OBJECT, program, "pinmaps", maps]);
      expect(runCommand("bpftool", ["prog", "dump", "xlated", "pinned", program])).toContain("; stats.tcp += 1;");
      const dump = (map: string) => runCommand("bpftool", ["map", "dump", "pinned", join(maps, map)]);
      expect(dump("STATS")).toMatch(/"frames": 0,.*"proto_unknown": 0,.*"overflow": 0,/s);
      const fields = /"packet_count": 0,\s*"byte_count": 0,\s*"last_seen_ns": 0,\s*"drop_count": 0,/;
      expect(dump("XDP_CONN_STATS")).toMatch(fields);
      expect(dump("XDP_CONN6_STATS")).toMatch(fields);
    },
  );

  test.skipIf(requireRoot() ?? requireTool("bpftool"))(
    "for steering has just the maps that it needs, which bpftool makes",
    () => {
      const mapsOf = (name: string): string[] => {
        using bpffs = new BpfFileSystem();
        const maps = join(bpffs.path, "maps");
        runCommand("bpftool", ["prog", "load", objectFile(name), join(bpffs.path, "program"), "pinmaps", maps]);
        const typeOf = (map: string) =>
          /^\d+: (\w+)/.exec(runCommand("bpftool", ["map", "show", "pinned", join(maps, map)]))?.[1];
        return readdirSync(maps)
          .sort()
          .map((map) => `${map} ${typeOf(map)}`);
      };
      const tables = ["XDP_CONN6_INDEX", "XDP_CONN6_STATS", "XDP_CONN_INDEX", "XDP_CONN_STATS"];
      const monitor = ["STATS percpu_array", ...tables.map((name) => `${name} array`)];
      expect(mapsOf("monitor")).toEqual(monitor);
      expect(mapsOf("cpus")).toEqual([...monitor, "CPUS cpumap", "CPU_NUMBERS array", "TARGETS percpu_array"].sort());
      expect(mapsOf("devices")).toEqual([...monitor, "DEVICES devmap", "TARGETS percpu_array"].sort());
    },
  );
});
