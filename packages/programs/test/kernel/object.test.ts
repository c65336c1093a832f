import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { requireRoot, requireTool, runCommand } from "@weir/testing";
import { describe, expect, test } from "vitest";

const OBJECT = fileURLToPath(new URL("../../dist/monitor.bpf.o", import.meta.url));

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
});
