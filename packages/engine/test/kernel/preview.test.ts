/** Rules that are tried on what comes in: nothing is changed, and what is dropped already is seen. */
import { BpfProgram, extensionRefusal, queryXdp } from "@weir/kernel";
import { requireRoot } from "@weir/laboratory";
import { parseRules, type RuleSet } from "@weir/rules";
import { ethernet } from "@weir/testing";
import { describe, expect, test } from "vitest";
import {
  addToSet,
  applyRules,
  capture,
  detach,
  listRules,
  type PreviewOptions,
  previewRules,
} from "../../src/index.ts";
import { type WatchedVeth, watchedVeth } from "./watched-veth.ts";

const PATIENCE = Number(process.env.WEIR_TEST_PATIENCE ?? 1);

function ruleSet(rules: readonly (readonly [string, string, string | object])[], top: object = {}): RuleSet {
  const entries = rules.map(([name, match, action]) => ({ name, match, action }));
  return parseRules(JSON.stringify({ ...top, rules: entries }), "rules.json").rules;
}

const DISCARD = ruleSet([
  ["seen", "udp", "count"],
  ["discard", "udp and dst port 9", "drop"],
]);

/** What rules would do while something comes in. */
async function during(veth: WatchedVeth, rules: RuleSet, work: () => void, options: PreviewOptions = {}) {
  const effect = veth.inside(() => previewRules([veth.name], rules, { seconds: PATIENCE, ...options }));
  work();
  const [found] = await effect;
  if (found === undefined) throw new Error("no effect of the only interface");
  return found;
}

const programsOn = (veth: WatchedVeth): readonly number[] =>
  veth.inside(() => queryXdp(veth.name)).map(({ programId }) => programId);

describe.skipIf(requireRoot())("rules that are tried on what comes in", () => {
  test("say what they would do, and change nothing", async () => {
    using veth = watchedVeth();
    const effect = await during(veth, DISCARD, () => {
      expect(programsOn(veth)).toHaveLength(1);
      veth.send(20, 8, 2);
    });
    expect(effect).toMatchObject({
      interface: veth.name,
      lost: 0n,
      dropped: { packets: 40 },
      rules: [
        { name: "seen", packets: 40 },
        { name: "discard", packets: 40 },
      ],
      connections: [
        { protocol: { name: "udp" }, destinationPort: 9, packets: 20 },
        { protocol: { name: "udp" }, destinationPort: 9, packets: 20 },
      ],
      otherDropped: { packets: 0 },
      change: undefined,
    });
    // ARP comes in besides.
    expect(effect.seen).toBe(BigInt(effect.frames));
    expect(effect.share).toBe(40 / effect.frames);
    expect(effect.seconds).toBeGreaterThanOrEqual(PATIENCE);
    expect(programsOn(veth)).toEqual([]);
  });

  test("are tried on whole frames with their lengths and times", async () => {
    using veth = watchedVeth();
    const rules = ruleSet([
      ["large", "udp and greater 1000 and udp[1000] = 0", "drop"],
      ["often", "udp", { limit: { rate: "1/h", burst: "5" } }],
    ]);
    const effect = await during(veth, rules, () => {
      veth.send(10, 1400);
      veth.send(8);
    });
    expect(effect.rules).toMatchObject([
      { name: "large", packets: 10, bytes: 10 * 1442 },
      { name: "often", packets: 8, over: { packets: 3 } },
    ]);
  });

  test("say how many frames were left out where there are too many, and are tried on some from everywhere", async () => {
    using veth = watchedVeth();
    const frame = ethernet().ipv4({ source: "198.51.100.1" }).udp({ destinationPort: 9 }).paddedTo(600);
    const count = 100_000;
    const effect = await during(veth, DISCARD, () => {
      const [id = 0] = programsOn(veth);
      using program = BpfProgram.byId(id);
      program.testRun({ data: frame, repeat: count });
    });
    expect(effect.seen).toBe(BigInt(count));
    // The ring has room for some 27,000 of these, and nobody read it meanwhile.
    expect(effect.lost).toBeGreaterThan(50_000n);
    expect(BigInt(effect.frames) + effect.lost).toBe(effect.seen);
    expect(effect.share).toBe(1);
  });

  test("end with the signal, and leave nothing attached", async () => {
    using veth = watchedVeth();
    const controller = new AbortController();
    const reason = new Error("enough");
    const effect = during(veth, DISCARD, () => setTimeout(() => controller.abort(reason), 50), {
      signal: controller.signal,
      seconds: 30,
    });
    await expect(effect).rejects.toBe(reason);
    expect(programsOn(veth)).toEqual([]);
  });

  test("are refused where they cannot be tried, and nothing stays attached", async () => {
    using veth = watchedVeth();
    const tried = (names: readonly string[], options: PreviewOptions = {}) =>
      veth.inside(() => previewRules(names, DISCARD, options));
    await expect(tried([veth.name, "nothere"])).rejects.toMatchObject({ code: "WEIR_NO_INTERFACE" });
    await expect(tried([veth.name], { seconds: 0 })).rejects.toMatchObject({ code: "WEIR_OPTION" });
    await expect(tried([veth.name], { seconds: 61 })).rejects.toThrow("at most 60");
    expect(programsOn(veth)).toEqual([]);
    // Somebody takes the program's place meanwhile.
    const gone = during(veth, DISCARD, () => {
      veth.receiver.run("ip", ["link", "set", veth.name, "down"]);
      veth.receiver.run("ip", ["link", "delete", veth.name]);
    });
    await expect(gone).rejects.toMatchObject({ code: "WEIR_BUSY" });
  });
});

const refusal = requireRoot() === undefined ? extensionRefusal() : undefined;
const because = refusal === undefined ? "" : ` (not here: ${refusal.answer})`;

describe.skipIf(requireRoot() ?? refusal !== undefined)(
  `rules that are tried where others are in force${because}`,
  () => {
    test("see what those drop, and say what would change", async () => {
      using veth = watchedVeth();
      const sets = { others: ["203.0.113.0/24"] };
      const present = ruleSet([["listed", "udp and src in @others and dst port 9", "drop"]], { sets });
      veth.inside(() => applyRules([veth.name], present));
      const programs = programsOn(veth);
      const wanted = ruleSet([["tcp", "udp and src port 40001", "drop"]]);
      const before = await during(veth, wanted, () => veth.send(10, 8, 2));
      expect(before).toMatchObject({
        dropped: { packets: 10 },
        change: { newlyDropped: { packets: 10 }, noLongerDropped: { packets: 0 } },
      });
      // By what is in the set now.
      const sender = { kind: "ipv4", prefix: 0xc000_0200 * 64 + 24 } as const;
      veth.inside(() => addToSet(veth.name, "others", [sender]));
      const after = await during(veth, wanted, () => veth.send(10, 8, 2));
      expect(after).toMatchObject({
        lost: 0n,
        dropped: { packets: 10 },
        change: { newlyDropped: { packets: 0 }, noLongerDropped: { packets: 10 } },
      });
      expect(veth.inside(() => listRules(veth.name)).rules).toMatchObject([{ name: "listed", packets: 20n }]);
      expect(programsOn(veth)).toEqual(programs);
      veth.inside(() => detach(veth.name));
    });

    test("see all frames where a dispatcher calls one program, and several", async () => {
      using veth = watchedVeth();
      veth.inside(() => applyRules([veth.name], DISCARD, { shared: true }));
      const wanted = ruleSet([["odd", "udp and src port 40001", "drop"]]);
      const expected = {
        dropped: { packets: 10 },
        change: { newlyDropped: { packets: 0 }, noLongerDropped: { packets: 10 } },
      };
      expect(await during(veth, wanted, () => veth.send(10, 8, 2))).toMatchObject(expected);
      {
        using _other = veth.inside(() => capture(veth.name, { output: "/dev/null", shared: true, priority: 1 }));
        expect(await during(veth, wanted, () => veth.send(10, 8, 2))).toMatchObject(expected);
      }
      veth.inside(() => detach(veth.name));
    });

    test("are refused where those are exchanged meanwhile", async () => {
      using veth = watchedVeth();
      veth.inside(() => applyRules([veth.name], DISCARD));
      const effect = during(veth, DISCARD, () => veth.inside(() => applyRules([veth.name], DISCARD)));
      await expect(effect).rejects.toMatchObject({
        code: "WEIR_BUSY",
        message: expect.stringContaining("was exchanged"),
      });
      veth.inside(() => detach(veth.name));
    });
  },
);

test.runIf(refusal !== undefined)(
  "where a kernel lets nobody look into the rules in force, that is said, and they stay",
  async () => {
    using veth = watchedVeth();
    veth.inside(() => applyRules([veth.name], DISCARD));
    const programs = programsOn(veth);
    const effect = during(veth, DISCARD, () => {});
    await expect(effect).rejects.toMatchObject({
      code: "WEIR_BUSY",
      message: expect.stringContaining("lets nobody look into it"),
    });
    expect(programsOn(veth)).toEqual(programs);
    veth.inside(() => detach(veth.name));
  },
);
