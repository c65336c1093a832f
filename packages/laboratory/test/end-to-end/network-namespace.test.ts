import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { NetworkNamespace, requireRoot, requireTool, vethPair } from "../../src/index.ts";

const SOURCE = new URL("../../src/index.ts", import.meta.url).pathname;

describe.skipIf(requireRoot() ?? requireTool("ip", "nsenter"))("a network namespace", () => {
  test("is gone after its scope", () => {
    let path: string;
    {
      using namespace = NetworkNamespace.create();
      path = namespace.path;
      expect(existsSync(path)).toBe(true);
    }
    expect(existsSync(path)).toBe(false);
  });

  test("takes its processes with it", async () => {
    using namespace = NetworkNamespace.create();
    const sleeper = namespace.spawn("sleep", ["60"]);
    await new Promise((resolve) => sleeper.once("spawn", resolve));
    const ended = new Promise((resolve) => sleeper.once("exit", (_code, signal) => resolve(signal)));
    namespace[Symbol.dispose]();
    expect(await ended).toBe("SIGKILL");
  });

  test.each([
    "throw new Error('on purpose')",
    "process.exit(0)",
    "process.kill(process.pid, 'SIGINT'); setInterval(() => {}, 1000)",
  ])("is gone after a process that ends by: %s", (ending) => {
    const script = `const { NetworkNamespace } = await import(${JSON.stringify(SOURCE)});
        const namespace = NetworkNamespace.create(); console.log(namespace.path); ${ending}`;
    const words = ["--conditions=source", "--input-type=module", "-e", script];
    const { stdout } = spawnSync(process.execPath, words, { encoding: "utf8", timeout: 10_000 });
    expect(stdout).toMatch(/^\/run\/netns\/weir-test-/);
    expect(existsSync(stdout.trim())).toBe(false);
  });

  test("joined to another by veth carries packets of both versions", () => {
    using left = NetworkNamespace.create();
    using right = NetworkNamespace.create();
    const [, far] = vethPair(left, right);
    const send = `import { createSocket } from "node:dgram"; import { once } from "node:events";
      for (const [type, address] of [["udp4", "${far.ipv4}"], ["udp6", "${far.ipv6}"]]) {
        const socket = createSocket(type); socket.connect(9, address); await once(socket, "connect");
        await new Promise((sent) => socket.send("x", sent)); socket.close();
      }`;
    left.run(process.execPath, ["--input-type=module", "-e", send]);
    const neighbours = left.run("ip", ["neighbour"]);
    expect(neighbours).toContain(far.ipv4);
    expect(neighbours).toContain(far.ipv6);
  });

  test("without IPv6 and addresses sends nothing by itself", async () => {
    using left = NetworkNamespace.create({ ipv6: "off" });
    using right = NetworkNamespace.create({ ipv6: "off" });
    vethPair(left, right, { addresses: false });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const statistics: { stats64: { tx: { packets: number } } }[] = JSON.parse(
      left.run("ip", ["-s", "-j", "link", "show", "veth0"]),
    );
    expect(statistics[0]?.stats64.tx.packets).toBe(0);
  });

  test("quotes odd interface names", () => {
    using left = NetworkNamespace.create();
    using right = NetworkNamespace.create();
    vethPair(left, right, { names: ["wéir", 'a"b\\'] });
    expect(left.run("ip", ["-br", "link"])).toContain("wéir");
  });
});
