import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { requireRoot, requireTool, runCommand } from "@weir/laboratory";
import { describe, expect, onTestFinished, test } from "vitest";
import { network, WATCHED } from "./network.ts";
import { weir } from "./weir.ts";

const missing = requireRoot() ?? requireTool("ip", "nsenter", "bpftool");
const OBJECTS = fileURLToPath(new URL("../../../programs/dist/", import.meta.url));
const objects = readdirSync(OBJECTS).filter((name) => name.endsWith(".bpf.o"));

describe.skipIf(missing)("weir inspect --program", () => {
  test("says of a program in the kernel what bpftool says of it", () => {
    using net = network();
    const { programId, directory } = JSON.parse(weir(["attach", WATCHED, "--json"], net.near).stdout);
    try {
      const words = ["inspect", "--program", String(programId), "--json"];
      const ours = JSON.parse(weir(words, net.near).stdout);
      const theirs = JSON.parse(runCommand("bpftool", ["prog", "show", "id", String(programId), "--json"]));
      expect(ours).toMatchObject({
        id: theirs.id,
        name: theirs.name,
        tag: theirs.tag,
        type: theirs.type.toUpperCase(),
        machineSize: theirs.bytes_jited,
        memory: theirs.bytes_memlock,
        userId: theirs.uid,
        instructions: theirs.bytes_xlated / 8,
        attachedTo: [`${WATCHED} (XDP)`],
      });
      expect(Math.abs(Date.parse(ours.loadedAt) / 1000 - theirs.loaded_at)).toBeLessThanOrEqual(1);
      expect(ours.maps.map(({ id }: { id: number }) => id)).toEqual(theirs.map_ids);
      expect(ours.maps[0].value).toMatch(/^Stats \{ frames: u64, /);

      // Each source line that bpftool shows, at the same instruction.
      const dump = runCommand("bpftool", ["prog", "dump", "xlated", "id", String(programId), "linum"]);
      const lines = [...dump.matchAll(/; (.*) \[file:.* line_num:(\d+) line_col:(\d+)\]\n\s*(\d+):/g)];
      const places = lines.map(([, , line, column, slot]) => [slot, line, column].map(Number));
      const { listing } = ours;
      const sources = listing.filter(({ source }: { source?: object }) => source !== undefined);
      expect(sources.length).toBeGreaterThan(50);
      expect(
        sources.map(({ slot, source }: { slot: number; source: { line: number; column: number } }) => [
          slot,
          source.line,
          source.column,
        ]),
      ).toEqual(places);

      const pinned = JSON.parse(weir(["inspect", "--pinned", `${directory}/link`, "--json"], net.near).stdout);
      expect(pinned).toEqual({ ...ours, loadedAt: expect.any(String) });
      const map = JSON.parse(
        weir(["inspect", "--pinned", `${directory}/program-${programId}/STATS`, "--json"], net.near).stdout,
      );
      expect(map).toMatchObject({ name: "STATS", type: "per-cpu-array", maxEntries: 1 });
      const elsewhere = weir(["inspect", "--program", String(programId), "--no-listing"]);
      expect(elsewhere.stdout).toMatch(/attached to: interface \d+ of another network namespace \(XDP\)/);
    } finally {
      weir(["detach", WATCHED], net.near);
    }
  });

  test("names the maps and the functions of the kernel, of whatever is pinned", () => {
    const path = `/sys/fs/bpf/weir-inspect-${process.pid}`;
    runCommand("bpftool", ["prog", "load", `${OBJECTS}next-hop.bpf.o`, path]);
    try {
      const { stdout } = weir(["inspect", "--pinned", path]);
      expect(stdout).toMatch(/^xdp_next_hop \(id \d+\) {2}XDP {2}tag [0-9a-f]{16} {2}loaded \S+ by user 0/);
      expect(stdout).toContain("attached to: nowhere");
      expect(stdout).toContain("calls bpf_xdp_fib_lookup\n");
      expect(stdout).toMatch(/^; next-hop\.bpf\.ts:10:\d+ {2}question\.result = packet\.fibLookup/m);
      expect(stdout).toMatch(/^ *\d+: call bpf_xdp_fib_lookup$/m);
      expect(stdout).toMatch(/ ll ; map NEXT_HOP$/m);
    } finally {
      rmSync(path);
    }
  });

  test("a program that is not there ends with the kernel's answer", () => {
    const { code, stderr } = weir(["inspect", "--program", "4294967295"]);
    expect(code).toBe(4);
    expect(stderr).toContain("ENOENT");
  });
});

describe.skipIf(requireRoot())("weir inspect FILE --load", () => {
  test("prints all that the verifier wrote of a program that it refuses, on request", () => {
    const folder = mkdtempSync(join(tmpdir(), "weir-inspect-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "late.o");
    const source = new URL("../../../compiler/test/fixtures/refused/compared-too-late.bpf.ts", import.meta.url)
      .pathname;
    expect(weir(["build", source, "-o", file]).code).toBe(0);
    const { code, stderr } = weir(["inspect", file, "--load"]);
    expect(code).toBe(26);
    expect(stderr).toMatch(/compared-too-late\.bpf\.ts:18:.*\n {2}\(\d+ lines of the verifier's log omitted\)\n$/s);
    expect(weir(["inspect", file, "--load", "--verifier-log"]).stderr).toMatch(/^processed \d+ insns/m);
  });

  test.each(objects)("%s: the stack that the code shows is the stack that the verifier counts", (name) => {
    const { stdout, stderr } = weir(["inspect", `${OBJECTS}${name}`, "--load", "--json", "--no-listing"]);
    expect(stderr).toBe("");
    for (const { functions, verifier } of JSON.parse(stdout).programs) {
      const stacksOf = (some: readonly { stack: number }[]) => some.map(({ stack }) => stack);
      // Functions that nothing calls as the object is set, as the dispatcher's and the filters' limits, newer kernels take out before they count.
      const called = functions.filter((one: { name: string }) => one.name !== "limit_frame");
      const isLess = verifier.stack.length < functions.length;
      const stacks = stacksOf(isLess && name.endsWith("filter.bpf.o") ? called : functions);
      expect(verifier.stack).toEqual(name === "dispatcher.bpf.o" ? stacks.slice(0, verifier.stack.length) : stacks);
      expect(verifier.instructions).toBeGreaterThan(0);
    }
  });
});
