/** Rules that sample: their frames are captured, and no others, with what became of them. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireRoot } from "@weir/laboratory";
import { parseRules, type RuleSet } from "@weir/rules";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readCapture } from "../../src/captures/capture.ts";
import { applyRules, attach, type CaptureOptions, capture, detach, listRules } from "../../src/index.ts";
import { type WatchedVeth, watchedVeth } from "./watched-veth.ts";

/** `[name, expression, action]` of each rule. */
function ruleSet(rules: readonly (readonly [string, string, string])[]): RuleSet {
  const entries = rules.map(([name, match, action]) => ({ name, match, action }));
  return parseRules(JSON.stringify({ rules: entries }), "rules.json").rules;
}

const RULES = ruleSet([
  ["large", "udp and greater 100", "sample"],
  ["all", "udp and dst port 9", "sample"],
  ["drop-large", "udp and dst port 9 and greater 200", "drop"],
  ["other", "tcp", "sample"],
]);

describe.skipIf(requireRoot())("rules that sample", () => {
  let veth: WatchedVeth;
  let folder: string;
  let output: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "weir-samples-"));
    output = join(folder, "out.pcapng");
    veth = watchedVeth();
  });
  afterEach(() => {
    veth.inside(() => detach(veth.name));
    veth[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  });

  const start = (options: Omit<CaptureOptions, "output">, path = output) =>
    veth.inside(() => capture(veth.name, { output: path, ...options }));
  const lengths = (path = output) => Array.from(readCapture(path), ({ originalLength }) => originalLength);
  const counted = () => veth.inside(() => listRules(veth.name)).rules.map(({ packets }) => Number(packets));

  /** 3 frames of 50 bytes, 2 of 142 and 1 of 342, which is dropped. */
  const send = () => {
    veth.send(3);
    veth.send(2, 100);
    veth.send(1, 300);
  };

  /** What is captured of it. */
  async function captured(options: Omit<CaptureOptions, "output">) {
    const controller = new AbortController();
    using running = start({ ...options, signal: controller.signal });
    const result = running.run();
    send();
    controller.abort();
    return await result;
  }

  test("give a capture what one of them matches, once, and count it with a capture and without", async () => {
    veth.inside(() => applyRules([veth.name], RULES, { idle: 0 }));
    send();
    expect(counted()).toEqual([3, 6, 1, 0]);
    expect(await captured({ sampled: "all" })).toMatchObject({ seen: 6n, written: 6n, lost: 0n });
    expect(lengths()).toEqual([50, 50, 50, 142, 142, 342]);
    expect(readFileSync(output).includes("what rules sample")).toBe(true);
    expect(counted()).toEqual([6, 12, 2, 0]);
    expect(await captured({ sampled: ["large", "other"] })).toMatchObject({ seen: 3n, written: 3n });
    expect(lengths()).toEqual([142, 142, 342]);
    expect(await captured({ sampled: ["large"], verdicts: ["drop"] })).toMatchObject({ written: 1n, otherVerdict: 2n });
    expect(lengths()).toEqual([342]);
    expect(await captured({ sampled: ["other"] })).toMatchObject({ seen: 0n, end: "signal" });
    expect(counted()).toEqual([15, 30, 5, 0]);
  });

  test("give it to one capture at a time, which ends when other rules are applied", async () => {
    veth.inside(() => applyRules([veth.name], RULES));
    {
      using running = start({ sampled: "all" });
      const second = join(folder, "second.pcapng");
      expect(() => start({ sampled: "all" }, second)).toThrow("another process captures");
      const result = running.run();
      send();
      veth.inside(() => applyRules([veth.name], RULES));
      send();
      await expect(result).rejects.toThrow("other rules were applied");
      expect(lengths()).toHaveLength(6);
    }
    // Another one finds the place free.
    expect(await captured({ sampled: "all" })).toMatchObject({ written: 6n });
  });

  test("give whole frames that lie in several buffers", async () => {
    veth[Symbol.dispose]();
    veth = watchedVeth({ mtu: 9000 });
    veth.inside(() => applyRules([veth.name], RULES, { mode: "drv", idle: 0 }));
    const controller = new AbortController();
    using running = start({ sampled: ["large"], signal: controller.signal });
    const result = running.run();
    veth.send(2, 8000);
    controller.abort();
    expect(await result).toMatchObject({ written: 2n, lost: 0n });
    expect(Array.from(readCapture(output), ({ bytes }) => bytes.length)).toEqual([8042, 8042]);
  });

  test("are asked for by names that they have", () => {
    const capturing = (options: Omit<CaptureOptions, "output">) => () => start(options)[Symbol.dispose]();
    expect(capturing({ sampled: "all" })).toThrow("not attached");
    veth.inside(() => attach(veth.name));
    expect(capturing({ sampled: "all" })).toThrow("no rules");
    veth.inside(() => applyRules([veth.name], ruleSet([["seen", "udp", "log"]])));
    expect(capturing({ sampled: "all" })).toThrow("none of the rules");
    veth.inside(() => applyRules([veth.name], RULES));
    expect(capturing({ sampled: ["large", "drop-large"] })).toThrow(/no rule "drop-large".*large, all, other/s);
    expect(capturing({ sampled: [] })).toThrow("at least one rule");
    expect(capturing({ sampled: "all", mode: "drv" })).toThrow("leave mode");
  });

  test("are 64 at most", () => {
    const many = (count: number) =>
      ruleSet(Array.from({ length: count }, (_, index) => [`rule-${index}`, `udp dst port ${9 + index}`, "sample"]));
    expect(() => veth.inside(() => applyRules([veth.name], many(65)))).toThrow("65 rules have the action sample");
    veth.inside(() => applyRules([veth.name], many(64)));
    send();
    expect(counted().slice(0, 2)).toEqual([6, 0]);
  });
});
