/** What a process has pinned that is not done yet: its own as long as it lives, and whoever comes next removes it. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, renameSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { findInterface, lockDirectory, queryXdp } from "@weir/kernel";
import { requireRoot } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { nativeCalls, replaceNativeCalls } from "../../../kernel/src/native/current-calls.ts";
import { attach, status } from "../../src/index.ts";
import { removeAbandoned } from "../../src/pinned/removal.ts";
import { makeWorkDirectory } from "../../src/pinned/work-directory.ts";
import { firstLine } from "./engine-process.ts";
import { type WatchedVeth, watchedVeth } from "./watched-veth.ts";

const WORK_DIRECTORY = join(import.meta.dirname, "../../src/pinned/work-directory.ts");

const hasProgram = (veth: WatchedVeth): boolean => veth.inside(() => queryXdp(veth.name)).length > 0;

describe.skipIf(requireRoot())("pins of a process that is at work", () => {
  test.each(["link", "netlink"] as const)("are left alone, and removed when it has ended: attached by %s", (by) => {
    using veth = watchedVeth();
    const { directory, index } = veth.inside(() => attach(veth.name, { by }));
    const work = join(dirname(directory), `work-${index}-0123abcd`);
    renameSync(directory, work);
    {
      using lock = lockDirectory(work, 0);
      expect(lock).toBeDefined();
      veth.inside(status);
      expect(hasProgram(veth)).toBe(true);
    }
    veth.inside(status);
    expect(hasProgram(veth)).toBe(false);
    expect(existsSync(dirname(directory))).toBe(false);
  });

  // The number of a process there is another's here, or nobody's.
  test("are told from what is left, also where the process is in another PID namespace", async () => {
    using veth = watchedVeth();
    const script = `
      import { makeWorkDirectory } from ${JSON.stringify(WORK_DIRECTORY)};
      const { directory } = makeWorkDirectory({ index: ${veth.inside(() => findInterface(veth.name)).index} });
      process.stdout.write(directory + "\\n");
      setInterval(() => {}, 1000);`;
    const node = [process.execPath, "--conditions=source", "--input-type=module-typescript", "-e", script];
    const child = veth.receiver.spawn("unshare", ["--pid", "--fork", "--kill-child", ...node], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const directory = await firstLine(child);
    veth.inside(status);
    expect(existsSync(directory)).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    const isThere = () => {
      veth.inside(status);
      return existsSync(directory);
    };
    await expect.poll(isThere).toBe(false);
    expect(existsSync(dirname(directory))).toBe(false);
  });

  test("are its own from the first moment", () => {
    using veth = watchedVeth();
    veth.inside(() => {
      const calls = nativeCalls();
      const seen: string[] = [];
      // Others look between the making of the directory and its lock, once before it is opened and once after.
      const looked =
        <Words extends unknown[]>(name: "open" | "flock", call: (...words: Words) => number) =>
        (...words: Words): number => {
          if (!seen.includes(name)) {
            seen.push(name);
            using _ = replaceNativeCalls(calls);
            removeAbandoned();
          }
          return call(...words);
        };
      using _ = replaceNativeCalls({
        ...calls,
        open: looked("open", calls.open),
        flock: looked("flock", calls.flock),
      });
      using work = makeWorkDirectory(findInterface(veth.name));
      expect(seen).toEqual(["open", "flock"]);
      removeAbandoned();
      expect(readdirSync(dirname(work.directory))).toEqual([basename(work.directory)]);
    });
    veth.inside(status);
  });

  // Those had the number of their process in the name, and no lock.
  test.each(["link", "netlink"] as const)("of an earlier version are removed when it has ended: by %s", (by) => {
    using veth = watchedVeth();
    const { directory, index } = veth.inside(() => attach(veth.name, { by }));
    const at = (pid: number) => join(dirname(directory), `pid${pid}-${index}-0123abcd`);
    renameSync(directory, at(process.pid));
    veth.inside(status);
    expect(hasProgram(veth)).toBe(true);
    renameSync(at(process.pid), at(spawnSync("true").pid));
    veth.inside(status);
    expect(hasProgram(veth)).toBe(false);
    expect(existsSync(dirname(directory))).toBe(false);
  });
});
