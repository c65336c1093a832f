/** What the pinned commands can do with the three capabilities that weir asks for, and no other. */
import { join } from "node:path";
import { queryXdp } from "@weir/kernel";
import { requireRoot, requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
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
  test.each(["link", "netlink"] as const)("a monitor is attached, listed and detached: by %s", (by) => {
    using veth = watchedVeth();
    const name = JSON.stringify(veth.name);
    const code = `
      engine.attach(${name}, { by: "${by}" });
      process.stdout.write(engine.status().attached[0].by);
      engine.detach(${name});`;
    expect(withCapabilities(veth, code)).toMatchObject({ code: 0, stdout: by, stderr: "" });
    expect(veth.inside(() => queryXdp(veth.name))).toEqual([]);
  });
});
