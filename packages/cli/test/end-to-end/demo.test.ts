import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { requireRoot, requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { weir, weirWords } from "./weir.ts";

describe.skipIf(requireRoot() ?? requireTool("ip"))("weir demo", () => {
  test("shows TCP, UDP and ICMP over both versions, ends by itself, and removes everything", () => {
    const start = performance.now();
    const { stdout, stderr, code } = weir(["demo"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    // Five seconds of traffic; the rest is what starting its processes takes beside other tests, on a machine that may be slow.
    expect(performance.now() - start).toBeLessThan(30_000);
    expect(stdout).toMatch(/^weir0 {2}drv {2}up \d s {2}/m);
    for (const counter of ["IPv4", "IPv6", "TCP", "UDP", "ICMP", "ICMPv6"]) {
      expect(stdout).toMatch(new RegExp(`(^| )${counter} [1-9]`, "m"));
    }
    for (const row of [
      /^udp +192\.0\.2\.2:\d+ +192\.0\.2\.1:53 /m,
      /^tcp +\[2001:db8::2\]:\d+ +\[2001:db8::1\]:443 /m,
    ]) {
      expect(stdout).toMatch(row);
    }
    expect(demoNamespaces()).toEqual([]);
  });

  test("removes everything at Ctrl-C too", async () => {
    const [command, words] = weirWords(["demo"]);
    const demo = spawn(command, words, { stdio: "ignore" });
    while (demoNamespaces(demo.pid).length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const ended = new Promise((resolve) => demo.once("exit", (code, signal) => resolve({ code, signal })));
    demo.kill("SIGINT");
    expect(await ended).toEqual({ code: 130, signal: null });
    expect(demoNamespaces()).toEqual([]);
  });
});

function demoNamespaces(pid?: number): string[] {
  return readdirSync("/run/netns").filter((name) => name.startsWith(`weir-demo-${pid ?? ""}`));
}
