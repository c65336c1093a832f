/** What the pinned commands can do with the three capabilities that weir asks for, and no other. */
import { unlinkSync } from "node:fs";
import { join } from "node:path";
import { queryXdp } from "@weir/kernel";
import { requireRoot, requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { attach } from "../../src/index.ts";
import { generationDirectory } from "../../src/pinned/generation.ts";
import { attachForeign } from "./foreign-program.ts";
import { type WatchedVeth, watchedVeth } from "./watched-veth.ts";

const ENGINE = join(import.meta.dirname, "../../src/index.ts");
const ONLY = "-all,+bpf,+perfmon,+net_admin";

/** Runs code in a process without other capabilities; gives what it prints. */
function withCapabilities(veth: WatchedVeth, code: string) {
  const program = `import * as engine from ${JSON.stringify(ENGINE)}; ${code}`;
  const node = [process.execPath, "--conditions=source", "--input-type=module-typescript", "-e", program];
  return veth.receiver.try("setpriv", ["--bounding-set", ONLY, "--inh-caps", ONLY, ...node]);
}

describe.skipIf(requireRoot() ?? requireTool("setpriv"))("with CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN alone", () => {
  test.each(["link", "netlink"] as const)("a monitor is attached, replaced, migrated and detached: by %s", (by) => {
    using veth = watchedVeth();
    const name = JSON.stringify(veth.name);
    const code = `
      const names = [];
      for (const options of [{ by: "${by}" }, { replace: true }, { migrate: true, connections: 50 }]) {
        engine.attach(${name}, options);
        const { attached, problems } = engine.status();
        if (problems.length > 0) throw new Error(problems[0].reason);
        names.push(attached[0].by, engine.stats(${name}).capacity, engine.check(${name}).holds);
      }
      engine.detach(${name});
      process.stdout.write(names.join(" "));`;
    expect(withCapabilities(veth, code)).toMatchObject({
      code: 0,
      stdout: [10_240, 10_240, 50].map((capacity) => `${by} ${capacity} true`).join(" "),
      stderr: "",
    });
    expect(veth.inside(() => queryXdp(veth.name))).toEqual([]);
  });

  test("an attachment that a foreign program is in the way of leaves nothing behind", () => {
    using veth = watchedVeth();
    using foreign = attachForeign(veth, "netlink");
    const name = JSON.stringify(veth.name);
    const code = `
      let failure;
      try { engine.attach(${name}, { by: "netlink" }); } catch (error) { failure = error; }
      const { attached, removed, problems } = engine.status();
      process.stdout.write(JSON.stringify([failure.code, failure.message.includes("are left in"), attached, removed, problems]));`;
    expect(withCapabilities(veth, code)).toMatchObject({
      code: 0,
      stdout: JSON.stringify(["WEIR_BUSY", false, [], [], []]),
    });
    expect(veth.inside(() => queryXdp(veth.name))).toMatchObject([{ programId: foreign.id }]);
  });

  test("what another version pinned is not taken for this one's", () => {
    using veth = watchedVeth();
    const { directory, programId } = veth.inside(() => attach(veth.name));
    unlinkSync(join(generationDirectory(directory, programId), "types"));
    expect(withCapabilities(veth, `engine.stats(${JSON.stringify(veth.name)})`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("To read the types of maps and programs by their ids takes CAP_SYS_ADMIN."),
    });
    expect(withCapabilities(veth, `engine.detach(${JSON.stringify(veth.name)})`)).toMatchObject({
      code: 0,
      stderr: "",
    });
  });
});
