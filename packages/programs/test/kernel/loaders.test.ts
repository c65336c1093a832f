import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readObject } from "@weir/bytecode";
import { NetworkNamespace, requirePath, requireRoot, requireTool, runCommand, vethPair } from "@weir/laboratory";
import { describe, expect, test } from "vitest";

const FOLDER = fileURLToPath(new URL("../../dist/", import.meta.url));
const LOADER = fileURLToPath(new URL("../loaders/load-all.c", import.meta.url));
const HEADERS = requirePath("/usr/include/bpf/libbpf.h", "apt install libbpf-dev");

const OBJECTS = readdirSync(FOLDER).filter((name) => name.endsWith(".bpf.o"));
const programsOf = (name: string): string[] => [...readObject(readFileSync(join(FOLDER, name))).programs.keys()];

/** Runs a script with a BPF file system of its own where tools look for it. */
function withBpffs(script: string, ...words: readonly string[]): string[] {
  return ["--mount", "sh", "-ec", `mount -t bpf bpf /sys/fs/bpf; ${script}`, ...words];
}

test("there are objects to load", () => {
  expect(OBJECTS).toContain("monitor.bpf.o");
});

describe.skipIf(requireRoot())("an object of the compiler is loaded as it is", () => {
  test.skipIf(requireTool("bpftool")).each(OBJECTS)("by bpftool: %s", (name) => {
    const script = `bpftool prog loadall "$0" /sys/fs/bpf/all; ls /sys/fs/bpf/all`;
    const loaded = runCommand("unshare", withBpffs(script, join(FOLDER, name)));
    expect(loaded.trim().split("\n")).toEqual(programsOf(name).toSorted());
  });

  test.skipIf(requireTool("clang") ?? HEADERS)("by a program with libbpf", () => {
    const folder = mkdtempSync(join(tmpdir(), "weir-libbpf-"));
    try {
      const loader = join(folder, "load-all");
      runCommand("clang", [LOADER, "-lbpf", "-o", loader]);
      for (const name of OBJECTS) {
        const loaded = runCommand(loader, [join(FOLDER, name)]);
        expect(loaded).toBe(
          programsOf(name)
            .map((program) => `${program} 1\n`)
            .join(""),
        );
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.skipIf(requireTool("ip"))("by ip link", () => {
    using left = NetworkNamespace.create();
    using right = NetworkNamespace.create();
    vethPair(left, right);
    for (const name of OBJECTS) {
      left.run("ip", ["link", "set", "dev", "veth0", "xdp", "obj", join(FOLDER, name), "sec", "xdp"]);
      const [{ xdp }] = JSON.parse(left.run("ip", ["-json", "-details", "link", "show", "dev", "veth0"]));
      expect(xdp).toMatchObject({ mode: 1, prog: { name: programsOf(name)[0]?.slice(0, 15) } });
      left.run("ip", ["link", "set", "dev", "veth0", "xdp", "off"]);
    }
  });

  test.skipIf(requireTool("xdp-loader"))("by xdp-loader", () => {
    using left = NetworkNamespace.create();
    using right = NetworkNamespace.create();
    vethPair(left, right);
    const script = `xdp-loader load --mode native veth0 "$0"; xdp-loader status veth0; xdp-loader unload --all veth0`;
    for (const name of OBJECTS) {
      const status = left.run("unshare", withBpffs(script, join(FOLDER, name)));
      expect(status).toContain(programsOf(name)[0]?.slice(0, 15));
    }
  });
});
