import { EngineError, type Replay, type WatchOptions } from "@weir/engine";
import { describe, expect, test } from "vitest";
import { runCommandLine } from "../../src/command-line.ts";
import { exitCodeTable } from "../../src/exit-codes.ts";
import { Interruption } from "../../src/interruption.ts";
import { FakeMonitor } from "./fake-monitor.ts";
import { FakeOutput, fakeSession } from "./fake-session.ts";
import { counters, snapshot } from "./samples.ts";

describe("words that make no sense", () => {
  test.each([
    [[], "Usage: weir"],
    [["wach"], "Did you mean watch?"],
    [["watch"], "missing required argument 'interface'"],
    [["watch", "eth0", "--frob"], "unknown option '--frob'"],
    [["watch", "eth0", "--mode", "native"], "Allowed choices are auto, drv, skb, hw."],
    [["watch", "eth0", "--sort", "name"], "Allowed choices are packets, bytes, rate, recent."],
    [["watch", "eth0", "--interval", "0"], "It must be a number of seconds from 0.05"],
    [["watch", "eth0", "--interval", "1e9"], "It must be a number of seconds"],
    [["watch", "eth0", "--limit", "-1"], "It must be a whole number, at least 0."],
    [["watch", "eth0", "--connections", "0"], "It must be a whole number, at least 1."],
    [["watch", "eth0", "--idle", "soon"], "It must be a number of seconds from 0"],
    [["attach", "eth0", "eth1"], "too many arguments"],
    [["watch", "eth0", "--\x1b[2J"], "unknown option '--\\u{1b}[2J'"],
  ])("%j end with 2", async (words, message) => {
    const session = fakeSession();
    expect(await runCommandLine(words, session)).toMatchObject({ code: 2 });
    expect(session.errors.text).toContain(message);
    expect(session.output.text).toBe("");
  });
});

describe("--help", () => {
  test("lists every exit code", async () => {
    const session = fakeSession();
    expect(await runCommandLine(["--help"], session)).toMatchObject({ code: 0 });
    for (const { code, meaning } of exitCodeTable()) expect(session.output.text).toContain(`${code}  ${meaning}`);
  });

  test.each(["watch", "attach", "status", "stats", "detach", "replay", "check", "demo"])(
    "of %s is there",
    async (name) => {
      const session = fakeSession();
      expect(await runCommandLine([name, "--help"], session)).toMatchObject({ code: 0 });
      expect(session.output.text).toContain(`Usage: weir ${name}`);
    },
  );

  test("prints the version", async () => {
    const session = fakeSession();
    expect(await runCommandLine(["--version"], session)).toMatchObject({ code: 0 });
    expect(session.output.text).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("failures", () => {
  const failing = (error: unknown) =>
    fakeSession({
      engine: {
        stats() {
          throw error;
        },
      },
    });

  test("of the engine end with their own code, their message and no stack", async () => {
    const session = failing(
      new EngineError("WEIR_NOT_ATTACHED", "weir is not attached to \x1b[1meth0.\n  Attach it first."),
    );
    expect(await runCommandLine(["stats", "eth0"], session)).toMatchObject({ code: 11 });
    expect(session.errors.text).toBe("weir: weir is not attached to \\u{1b}[1meth0.\n  Attach it first.\n");
  });

  test("of the kernel that have finer codes end with 4", async () => {
    const session = failing(Object.assign(new Error("BPF_PROG_LOAD failed: E2BIG"), { code: "WEIR_NO_MEMORY" }));
    expect(await runCommandLine(["stats", "eth0"], session)).toMatchObject({ code: 4 });
  });

  test("without a name are said to be defects, with the stack on request alone", async () => {
    const session = failing(new TypeError("x is not a function"));
    expect(await runCommandLine(["stats", "eth0"], session)).toMatchObject({ code: 70 });
    expect(session.errors.text).toContain("This is a defect of weir.");
    expect(session.errors.text).not.toContain("at ");
    const traced = { ...failing(new TypeError("x is not a function")), environment: { WEIR_TRACE: "1" } };
    await runCommandLine(["stats", "eth0"], traced);
    expect(traced.errors.text).toContain("    at ");
  });
});

describe("watch", () => {
  test("--json prints as many objects as there are intervals in the duration, then detaches", async () => {
    const monitor = new FakeMonitor({ interval: 50 });
    const given: WatchOptions[] = [];
    const session = fakeSession({
      engine: {
        watch: (_names, options) => {
          given.push(options ?? {});
          return monitor;
        },
      },
    });
    const words = ["watch", "eth0", "--json", "--interval", "0.05", "--duration", "0.15", "--sort", "recent"];
    expect(await runCommandLine(words, session)).toMatchObject({ code: 0 });
    const objects = session.output.text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(objects.map(({ counters }) => counters.frames)).toEqual([1, 2, 3]);
    expect(objects[0]).toMatchObject({ interface: "eth0", mode: "drv", connections: [{ packets: 1234 }] });
    expect(monitor.closed).toBeGreaterThan(0);
    expect(given[0]).toEqual({
      mode: "auto",
      sort: "recent",
      limit: undefined,
      interval: 0.05,
      connections: 10_240,
      idle: 60,
      follow: true,
      onChange: expect.any(Function),
    });
  });

  test("tells what happens to interfaces, on standard error", async () => {
    const session = fakeSession({
      engine: {
        watch: (_names, { onChange } = {}) => {
          onChange?.({ kind: "removed", interface: "eth0", text: "eth0\x1b was removed" });
          return new FakeMonitor();
        },
      },
    });
    const words = ["watch", "eth0", "--json", "--interval", "0.05", "--duration", "0.05"];
    expect(await runCommandLine(words, session)).toMatchObject({ code: 0 });
    expect(session.errors.text).toBe("weir: eth0\\u{1b} was removed\n");
  });

  test("ended by Ctrl-C reads once more and is a success", async () => {
    const monitor = new FakeMonitor({ interval: 10_000 });
    const controller = new AbortController();
    const session = fakeSession({ signal: controller.signal, engine: { watch: () => monitor } });
    setTimeout(() => controller.abort(new Interruption("signal")), 20);
    expect(await runCommandLine(["watch", "eth0"], session)).toMatchObject({ code: 0 });
    expect(session.output.text).toMatch(/^2026.* eth0 total packets 1 /);
    expect(monitor.closed).toBeGreaterThan(0);
  });

  test("says which interface was removed and ends with 7", async () => {
    const monitor = new FakeMonitor({ readings: 1 });
    const session = fakeSession({ engine: { watch: () => monitor } });
    expect(await runCommandLine(["watch", "eth0"], session)).toMatchObject({ code: 7 });
    expect(session.errors.text).toBe("weir: eth0 was removed.\n");
  });

  test("says why the mode is not native", async () => {
    const monitor = new FakeMonitor({
      readings: 0,
      interfaces: [{ name: "lo", mode: "skb", fallback: { reason: "no-native", answer: "the driver cannot." } }],
    });
    const session = fakeSession({ engine: { watch: () => monitor } });
    await runCommandLine(["watch", "lo"], session);
    expect(session.errors.text).toContain("weir: lo: mode drv is not possible, using skb: the driver cannot.\n");
  });

  test("redraws in a terminal, fits the window, and leaves the last table", async () => {
    const output = new FakeOutput({ isTTY: true, columns: 80, rows: 8 });
    const session = fakeSession({
      output,
      environment: { NO_COLOR: "1" },
      engine: { watch: () => new FakeMonitor({ interfaces: [{}, { name: "eth1" }] }) },
    });
    await runCommandLine(["watch", "eth0", "eth1", "--interval", "0.05", "--duration", "0.05"], session);
    const [before, ...frames] = output.text.split("\x1b[H");
    expect(before).toContain("\x1b[?1049h");
    expect(frames.length).toBeGreaterThanOrEqual(2);
    expect(frames[0]?.split("\n")).toHaveLength(8);
    const last = output.text.split("\x1b[?1049l")[1] ?? "";
    expect(last).toContain("eth1  drv");
    expect(last).not.toContain("\x1b");
  });
});

describe("the other commands", () => {
  test("replay prints what was counted, and takes standard input", async () => {
    const replayed: Replay = {
      frames: 1,
      skipped: { tooShort: 0, tooLong: 0 },
      verdicts: { aborted: 0, drop: 0, pass: 1, tx: 0, redirect: 0, other: 0 },
      counters: counters({ frames: 1n, bytes: 60n, arp: 1n }),
      sampling: undefined,
      identity: snapshot().identity,
      connections: [],
      tracked: 0,
    };
    const files: string[] = [];
    const session = fakeSession({
      engine: {
        replay: async (file) => {
          files.push(file);
          return replayed;
        },
      },
    });
    expect(await runCommandLine(["replay", "-"], session)).toMatchObject({ code: 0 });
    expect(files).toEqual(["/dev/stdin"]);
    expect(session.output.text).toBe("1 frame  60 B  pass 1\nIPv4 0  IPv6 0  TCP 0  UDP 0  ARP 1\n\nNo connection.\n");
  });

  test("replay that is interrupted ends with 130 and says nothing", async () => {
    const controller = new AbortController();
    controller.abort(new Interruption("signal"));
    const session = fakeSession({
      signal: controller.signal,
      engine: {
        replay: async (_file, options) => {
          options?.signal?.throwIfAborted();
          throw new Error("unreachable");
        },
      },
    });
    expect(await runCommandLine(["replay", "x.pcap"], session)).toMatchObject({ code: 130 });
    expect(session.output.text + session.errors.text).toBe("");
  });

  test("check ends with 1 when the account does not balance", async () => {
    const { identity } = snapshot();
    const session = (holds: boolean) => fakeSession({ engine: { check: () => ({ ...identity, holds }) } });
    expect(await runCommandLine(["check", "eth0"], session(true))).toMatchObject({ code: 0 });
    expect(await runCommandLine(["check", "eth0"], session(false))).toMatchObject({ code: 1 });
    const json = session(true);
    await runCommandLine(["check", "eth0", "--json"], json);
    expect(JSON.parse(json.output.text)).toMatchObject({ interface: "eth0", accounted: 1234, holds: true });
  });

  test("status ends with 1 when there are pins that it can neither read nor remove", async () => {
    const problem = { directory: "/sys/fs/bpf/weir/1/2-eth0", reason: "no" };
    const session = (problems: readonly (typeof problem)[]) =>
      fakeSession({ engine: { status: () => ({ attached: [], unreadable: [], removed: [], problems }) } });
    expect(await runCommandLine(["status"], session([]))).toMatchObject({ code: 0 });
    expect(await runCommandLine(["status"], session([problem]))).toMatchObject({ code: 1 });
    const json = session([problem]);
    expect(await runCommandLine(["status", "--json"], json)).toMatchObject({ code: 1 });
    expect(JSON.parse(json.output.text)).toMatchObject({ problems: [problem] });
  });

  test("attach says how to go on", async () => {
    const attached = {
      interface: "eth0",
      index: 2,
      mode: "skb",
      by: "link",
      fallback: { reason: "no-native", answer: "no driver support" },
      programId: 5,
      directory: "/sys/fs/bpf/weir/2",
      seconds: 0,
      capacity: 10_240,
      idle: 60,
      sample: undefined,
      shared: undefined,
    } as const;
    const session = fakeSession({ engine: { attach: () => attached } });
    expect(await runCommandLine(["attach", "eth0"], session)).toMatchObject({ code: 0 });
    expect(session.output.text).toBe(
      "Attached to eth0 in mode skb as program 5.\nMode drv is not possible: no driver support\nSee it with: weir stats eth0   End it with: weir detach eth0\n",
    );
    expect(session.errors.text).toBe("");
    const problems = [{ directory: "/sys/fs/bpf/weir/1/work-3", reason: "no" }];
    const beside = fakeSession({ engine: { attach: () => ({ ...attached, problems }) } });
    expect(await runCommandLine(["attach", "eth0"], beside)).toMatchObject({ code: 0 });
    expect(beside.errors.text).toBe("weir: Not as it should be in /sys/fs/bpf/weir/1/work-3: no\n");
  });

  test("attach --replace says what is given, and no more", async () => {
    const given: unknown[] = [];
    const replaced = {
      interface: "eth0",
      index: 2,
      mode: "drv",
      by: "netlink",
      fallback: undefined,
      programId: 6,
      directory: "/sys/fs/bpf/weir/2",
      seconds: 60,
      capacity: 100,
      idle: 30,
      sample: undefined,
      shared: undefined,
    } as const;
    const attach = (...words: unknown[]) => {
      given.push(words);
      return replaced;
    };
    const session = fakeSession({ engine: { attach } });
    expect(await runCommandLine(["attach", "eth0", "--replace", "--idle", "30"], session)).toMatchObject({ code: 0 });
    expect(given).toEqual([["eth0", { mode: "auto", replace: true, idle: 30 }]]);
    expect(session.output.text).toMatch(/^Replaced the program on eth0 in mode drv by netlink as program 6\.\n/);
  });
});
