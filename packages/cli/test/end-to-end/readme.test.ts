import { once } from "node:events";
import { readFileSync } from "node:fs";
import { requireRoot, requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { examplesOfMarkdown } from "../../../../scripts/examples/extract.ts";
import { linkText, network, sendUdp } from "./network.ts";

const missing = requireRoot() ?? requireTool("ip", "nsenter");
const README = new URL("../../../../README.md", import.meta.url);

describe.skipIf(missing)("the README's library example", () => {
  test("prints the connections that it sees, and leaves nothing when it ends", async () => {
    const examples = examplesOfMarkdown("README.md", readFileSync(README, "utf8"));
    const [shown, ...others] = examples.filter(({ text }) => text.includes('from "weir"'));
    if (shown === undefined) throw new Error("the README has no example of the library");
    expect(others).toEqual([]);

    using net = network({ names: ["eth0", "veth0"] });
    const words = ["--conditions=source", "--input-type=module-typescript", "--eval", shown.text];
    const example = net.near.spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(example, "close");
    try {
      let printed = "";
      example.stdout?.setEncoding("utf8").on("data", (text: string) => {
        printed += text;
      });
      await until(() => linkText(net.near, "eth0").includes("xdp"));
      await sendUdp(net.far, 40);
      await until(() => printed.includes("192.0.2.2 192.0.2.1 4000n"));
      expect(linkText(net.near, "eth0")).toContain("xdp");
    } finally {
      example.kill("SIGINT");
      await ended;
    }
    expect(linkText(net.near, "eth0")).not.toContain("xdp");
  });
});

/** Polls: what is waited for happens in another process. */
async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { timeout: 30_000 }).toBe(true);
}
