import { once } from "node:events";
import { release } from "node:os";
import { type CommandResult, type NetworkNamespace, requirePath } from "@weir/laboratory";
import { describe, expect, test, vi } from "vitest";
import { linkText, type Network, network, WATCHED } from "../end-to-end/network.ts";

const WEIR = new URL("../../bin/weir.cjs", import.meta.url).pathname;
const BUILT = new URL("../../dist/main.cjs", import.meta.url).pathname;
/** Milliseconds: an emulated machine takes some seconds to start Node. */
const PATIENCE = 200_000;

/** The command as it is installed: from its sources it would take a minute to start. */
function weir(words: readonly string[], namespace: NetworkNamespace): CommandResult {
  return namespace.try(process.execPath, [WEIR, ...words]);
}

/** A veth pair on which nothing is but what `send` sends. */
function silentNetwork(): Network {
  const net = network({ quiet: true });
  net.far.run("ip", ["address", "add", "192.0.2.2/24", "dev", WATCHED]);
  net.far.run("ip", ["neighbour", "add", "192.0.2.1", "lladdr", "02:00:00:00:00:01", "dev", WATCHED]);
  return net;
}

/** Sends so many datagrams to where `weir` listens, from each of two sockets. */
function send({ far }: Network, datagrams: number): void {
  const each = `exec 3>/dev/udp/192.0.2.1/7; for ((d = 0; d < ${datagrams}; d++)); do printf 12345678 >&3; done`;
  far.run("bash", ["-c", `for s in 1 2; do ${each}; done`]);
}

/** What `--json` printed, line by line. */
const parsed = ({ stdout }: { readonly stdout: string }) =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

describe.skipIf(requirePath(BUILT, "npm run build"))("the commands", () => {
  test("attach, status, stats, an upgrade, check and detach", () => {
    using net = silentNetwork();
    expect(weir(["attach", WATCHED], net.near)).toMatchObject({
      code: 0,
      stderr: "",
      stdout: expect.stringMatching(new RegExp(`^Attached to ${WATCHED} in mode drv as program \\d+\\.`)),
    });
    send(net, 25);
    expect(parsed(weir(["status", "--json"], net.near))).toMatchObject([
      { attached: [{ interface: WATCHED, mode: "drv" }] },
    ]);
    const [stats] = parsed(weir(["stats", WATCHED, "--json"], net.near));
    expect(stats).toMatchObject({ interface: WATCHED, mode: "drv", counters: { frames: 50, udp: 50 } });
    expect(stats.connections).toMatchObject([{ packets: 25 }, { packets: 25 }]);

    expect(weir(["attach", WATCHED, "--replace"], net.near)).toMatchObject({ code: 0, stderr: "" });
    send(net, 25);
    const [upgraded] = parsed(weir(["stats", WATCHED, "--json"], net.near));
    expect(upgraded).toMatchObject({ mode: "drv", counters: { frames: 100, udp: 100 } });
    expect(weir(["check", WATCHED], net.near)).toMatchObject({ code: 0 });
    expect(weir(["detach", WATCHED], net.near)).toMatchObject({ code: 0, stderr: "" });
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test.each(["drv", "skb"])("watch in mode %s", async (mode) => {
    using net = silentNetwork();
    const words = [WEIR, "watch", WATCHED, "--mode", mode, "--json", "--interval", "0.5"];
    const watch = net.near.spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
    let stdout = "";
    watch.stdout?.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    // What is printed first is printed when it is attached.
    await vi.waitUntil(() => stdout.includes("\n"), { timeout: PATIENCE });
    send(net, 25);
    watch.kill("SIGINT");
    expect(await once(watch, "close")).toEqual([0, null]);
    expect(parsed({ stdout }).at(-1)).toMatchObject({
      interface: WATCHED,
      mode,
      counters: { frames: 50, udp: 50 },
      identity: { holds: true },
      connections: [{ packets: 25 }, { packets: 25 }],
    });
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test("detect", () => {
    using net = silentNetwork();
    const detected = weir(["detect", WATCHED, "--json"], net.near);
    expect(detected).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(detected.stdout)).toMatchObject({
      kernel: { release: release() },
      interfaces: [{ name: WATCHED, kind: "veth", recommendation: { monitor: { mode: "drv" } } }],
    });
  });

  test("hw mode is refused, and says why", () => {
    using net = silentNetwork();
    expect(weir(["attach", WATCHED, "--mode", "hw"], net.near)).toMatchObject({
      code: 9,
      stderr: expect.stringContaining("EINVAL"),
    });
    expect(linkText(net.near)).not.toContain("xdp");
  });
});
