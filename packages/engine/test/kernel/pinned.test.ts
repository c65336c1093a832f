import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { NetworkNamespace, requireRoot, runCommand } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { attach, check, detach, stats, status, watch } from "../../src/index.ts";
import { outputOf, startEngine } from "./engine-process.ts";
import { type WatchedVeth, watchedVeth } from "./watched-veth.ts";

function hasProgram(veth: WatchedVeth, name = veth.name): boolean {
  return veth.receiver.run("ip", ["link", "show", name]).includes("xdp");
}

const SOURCES = join(import.meta.dirname, "../../src");

const code = (value: string): unknown => expect.objectContaining({ code: value });

describe.skipIf(requireRoot())("a pinned monitor", () => {
  test("counts until it is detached, with no process holding it", () => {
    using veth = watchedVeth();
    const attached = veth.inside(() => attach(veth.name, { mode: "drv", connections: 100, idle: 0 }));
    expect(attached).toMatchObject({ interface: veth.name, mode: "drv", fallback: undefined, capacity: 100, idle: 0 });
    veth.send(7);
    const snapshot = veth.inside(() => stats(veth.name));
    expect(snapshot).toMatchObject({ interface: veth.name, mode: "drv", attached: true, capacity: 100 });
    expect(snapshot.counters.udp).toBe(7n);
    expect(snapshot.rates.packetsPerSecond).toBeCloseTo(Number(snapshot.counters.frames) / snapshot.seconds, 5);
    expect(veth.inside(() => check(veth.name))).toMatchObject({ holds: true, exact: true });
    expect(veth.inside(status).attached).toEqual([{ ...attached, seconds: expect.closeTo(snapshot.seconds, 0) }]);
    expect(veth.inside(() => detach(veth.name))).toMatchObject({ programId: attached.programId });
    expect(hasProgram(veth)).toBe(false);
    expect(existsSync(attached.directory)).toBe(false);
    expect(() => veth.inside(() => detach(veth.name))).toThrow(code("WEIR_NOT_ATTACHED"));
  });

  test.each(["eth0.100", "naïve-€", "new'name~", "-x", "pid1-2-3"])("is found on an interface named %s", (name) => {
    using veth = watchedVeth({ name });
    const { directory } = veth.inside(() => attach(name));
    expect(veth.inside(status).attached).toMatchObject([{ interface: name }]);
    expect(veth.inside(() => stats(name)).interface).toBe(name);
    veth.inside(() => detach(name));
    expect(existsSync(directory)).toBe(false);
  });

  test("is there once, whoever attaches again", async () => {
    using veth = watchedVeth();
    const script = `
      try { process.stdout.write("attached " + engine.attach("${veth.name}").programId); }
      catch (error) { process.stdout.write(error.code); }`;
    const outputs = await Promise.all([1, 2, 3].map(() => outputOf(startEngine(veth.receiver, script))));
    expect(outputs.filter((output) => output === "WEIR_ALREADY_ATTACHED")).toHaveLength(2);
    const { attached } = veth.inside(status);
    expect(outputs).toContain(`attached ${attached[0]?.programId}`);
    expect(readdirSync(dirname(attached[0]?.directory ?? ""))).toHaveLength(1);
    veth.inside(() => detach(veth.name));
  });

  test("is put in the place of what somebody else attaches at the same moment", async () => {
    using veth = watchedVeth();
    const script = `process.stdout.write("attached " + engine.attach("${veth.name}", { replace: true }).programId);`;
    const outputs = await Promise.all([1, 2, 3, 4].map(() => outputOf(startEngine(veth.receiver, script))));
    const { attached } = veth.inside(status);
    expect(attached).toHaveLength(1);
    expect(outputs).toContain(`attached ${attached[0]?.programId}`);
    expect(new Set(outputs.filter((output) => /^attached \d+$/.test(output))).size).toBe(4);
    veth.inside(() => detach(veth.name));
  });

  test("is not attached where another program is, and leaves no pin", () => {
    using veth = watchedVeth();
    using monitor = veth.inside(() => watch(veth.name));
    expect(() => veth.inside(() => attach(veth.name))).toThrow(code("WEIR_BUSY"));
    expect(monitor.snapshot()).toMatchObject([{ attached: true }]);
    expect(veth.inside(status).attached).toEqual([]);
  });

  test("is not attached by half when its pins get no place", () => {
    using veth = watchedVeth();
    const { directory } = veth.inside(() => attach(veth.name));
    veth.inside(() => detach(veth.name));
    // In the way, and not to be moved.
    mkdirSync(directory, { recursive: true });
    runCommand("mount", ["-t", "tmpfs", "none", directory]);
    try {
      expect(() => veth.inside(() => attach(veth.name))).toThrow("EBUSY");
      expect(hasProgram(veth)).toBe(false);
      expect(readdirSync(dirname(directory))).toEqual([basename(directory)]);
    } finally {
      runCommand("umount", [directory]);
      rmdirSync(directory);
      rmdirSync(dirname(directory));
    }
  });

  test("follows its interface to another name", () => {
    using veth = watchedVeth();
    veth.inside(() => attach(veth.name));
    // Linux 6.1 renames no interface that is up.
    veth.receiver.run("ip", ["link", "set", veth.name, "down"]);
    veth.receiver.run("ip", ["link", "set", veth.name, "name", "renamed", "up"]);
    expect(veth.inside(status).attached).toMatchObject([{ interface: "renamed" }]);
    expect(veth.inside(() => stats(veth.name)).interface).toBe("renamed");
    expect(veth.inside(() => stats("renamed")).interface).toBe("renamed");
    veth.inside(() => detach("renamed"));
    expect(hasProgram(veth, "renamed")).toBe(false);
  });

  test("is cleaned up by status when its interface is gone, also in another namespace", () => {
    using veth = watchedVeth();
    using other = watchedVeth();
    const { directory, index } = veth.inside(() => attach(veth.name));
    const kept = other.inside(() => attach(other.name));
    veth.receiver.run("ip", ["link", "delete", veth.name]);
    expect(() => veth.inside(() => stats(veth.name))).toThrow(code("WEIR_NOT_ATTACHED"));
    const { attached, removed } = other.inside(status);
    expect(attached).toMatchObject([{ programId: kept.programId }]);
    const reason = `interface ${veth.name} of another network namespace is gone`;
    expect(removed).toContainEqual({ interface: veth.name, index, directory, reason });
    expect(existsSync(directory)).toBe(false);
    other.inside(() => detach(other.name));
  });

  // A `status` of another test may be quicker.
  test("is cleaned up by detach when its interface is gone", { retry: 3 }, () => {
    using veth = watchedVeth();
    const { directory } = veth.inside(() => attach(veth.name));
    veth.receiver.run("ip", ["link", "delete", veth.name]);
    expect(veth.inside(() => detach(veth.name))).toMatchObject({ reason: `interface ${veth.name} is gone` });
    expect(existsSync(directory)).toBe(false);
    expect(() => veth.inside(() => detach(veth.name))).toThrow(code("WEIR_NO_INTERFACE"));
  });

  test("is taken off by detach when its interface moved to another network namespace, also under another name there", () => {
    using veth = watchedVeth();
    using elsewhere = NetworkNamespace.create({ ipv6: "off" });
    const { directory, index } = veth.inside(() => attach(veth.name));
    veth.receiver.run("ip", ["link", "set", veth.name, "netns", elsewhere.name, "name", "moved"]);
    expect(elsewhere.run("ip", ["link", "show", "moved"])).toContain("xdp");
    const reason = `interface ${veth.name} is in another network namespace, and the program was taken off it there`;
    expect(veth.inside(() => detach(veth.name))).toEqual({ interface: veth.name, index, directory, reason });
    expect(elsewhere.run("ip", ["link", "show", "moved"])).not.toContain("xdp");
    expect(existsSync(directory)).toBe(false);
    expect(() => veth.inside(() => detach(veth.name))).toThrow(code("WEIR_NO_INTERFACE"));
  });

  test("is found beside what is left from when its interface had another name", () => {
    using veth = watchedVeth();
    const stale = (name: string, directory: string) => mkdirSync(join(dirname(directory), name), { recursive: true });
    const { directory, index } = veth.inside(() => attach(veth.name));
    veth.inside(() => detach(veth.name));
    stale(`${index}-before`, directory);
    veth.inside(() => attach(veth.name));
    expect(readdirSync(dirname(directory))).toEqual([basename(directory)]);
    for (const name of ["a", "z"]) stale(`${index}-${name}`, directory);
    veth.send(3);
    expect(veth.inside(() => stats(veth.name)).counters.udp).toBe(3n);
    expect(veth.inside(() => attach(veth.name, { replace: true })).seconds).toBeGreaterThan(0);
    expect(() => veth.inside(() => attach(veth.name))).toThrow(code("WEIR_ALREADY_ATTACHED"));
    expect(veth.inside(() => detach(veth.name))).toMatchObject({ directory });
    expect(hasProgram(veth)).toBe(false);
    veth.inside(status);
    expect(existsSync(dirname(directory))).toBe(false);
  });

  test.each(["link", "netlink"] as const)("is there once, also when its interface was renamed, by %s", (by) => {
    using veth = watchedVeth();
    const { programId, directory } = veth.inside(() => attach(veth.name, { by }));
    veth.receiver.run("ip", ["link", "set", veth.name, "down"]);
    veth.receiver.run("ip", ["link", "set", veth.name, "name", "renamed", "up"]);
    for (const options of [{}, { by }, { replaceForeign: programId }, { shared: true }]) {
      expect(() => veth.inside(() => attach("renamed", options))).toThrow(code("WEIR_ALREADY_ATTACHED"));
    }
    expect(veth.inside(status).attached).toMatchObject([{ programId }]);
    // What is left of it is taken away by whoever attaches next.
    veth.receiver.run("ip", ["link", "set", "renamed", "down"]);
    veth.receiver.run("ip", ["link", "set", "renamed", "name", "again", "up"]);
    rmSync(join(directory, "link"), { force: true });
    if (by === "netlink") veth.receiver.run("ip", ["link", "set", "again", "xdpdrv", "off"]);
    const again = veth.inside(() => attach("again"));
    expect(readdirSync(dirname(directory))).toEqual([basename(again.directory)]);
    veth.inside(() => detach("again"));
  });

  // With a BPF file system of its own, so that no other test sees what is wrong in it.
  test("is listed, and can be detached, whatever is wrong with pins beside it", () => {
    using veth = watchedVeth();
    const script = `
      import { execFileSync } from "node:child_process";
      import { existsSync, mkdirSync } from "node:fs";
      import { dirname, join } from "node:path";
      import { attach, detach, status } from ${JSON.stringify(join(SOURCES, "index.ts"))};
      import { removeAbandoned } from ${JSON.stringify(join(SOURCES, "pinned/removal.ts"))};
      const failing = (act) => { try { act(); } catch ({ code }) { return code; } };
      const { directory } = attach("${veth.name}");
      const at = (name) => join(dirname(directory), name, "held");
      // What is mounted there cannot be removed.
      const mount = (path) => {
        mkdirSync(path, { recursive: true });
        execFileSync("mount", ["-t", "tmpfs", "none", path]);
      };
      mount(at("4000000-gone"));
      mount(at("work-4000000-01234567"));
      const beside = { status: status(), abandoned: removeAbandoned() };
      mount(join(directory, "held"));
      const own = { detached: failing(() => detach("${veth.name}")), status: status() };
      execFileSync("umount", [join(directory, "held")]);
      // It still goes by the interface's name.
      const again = detach("${veth.name}");
      console.log(JSON.stringify({ directory, beside, own, again, left: existsSync(directory) }));`;
    const node = [process.execPath, "--conditions=source", "--input-type=module-typescript", "-e", script];
    const words = ["--mount", "sh", "-c", 'mount -t bpf bpf /sys/fs/bpf && exec "$@"', "sh", ...node];
    const { directory, beside, own, again, left } = JSON.parse(veth.receiver.run("unshare", words).trim());
    const problem = (path: string) => ({
      directory: path,
      reason: expect.stringMatching(/could not be removed: EBUSY.*\n.*Take away what is in the way/),
    });
    const gone = problem(join(dirname(directory), "4000000-gone"));
    const abandoned = problem(join(dirname(directory), "work-4000000-01234567"));
    expect(beside.status).toMatchObject({ attached: [{ interface: veth.name, directory }], removed: [] });
    expect(beside.status.problems).toEqual(expect.arrayContaining([gone, abandoned]));
    expect(beside.abandoned).toEqual([abandoned]);
    expect(own).toMatchObject({ detached: "WEIR_KERNEL", status: { attached: [], removed: [] } });
    expect(own.status.problems).toEqual(expect.arrayContaining([gone, abandoned, problem(directory)]));
    expect(hasProgram(veth)).toBe(false);
    expect([again.interface, again.directory, left]).toEqual([veth.name, directory, false]);
  });
});
