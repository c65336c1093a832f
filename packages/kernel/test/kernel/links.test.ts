import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { links } from "@weir/kernel";
import { NetworkNamespace, requireRoot, vethPair } from "@weir/laboratory";
import { expect, test } from "vitest";

const MILLISECONDS = 2000;
const KERNEL = fileURLToPath(new URL("../../src/index.ts", import.meta.url));
const FIXTURES = fileURLToPath(new URL("../fixtures/", import.meta.url));
/** Puts a program on an interface and takes it off, again and again. */
const ATTACH = `
import { attachXdp, loadObject } from ${JSON.stringify(KERNEL)};
import { objectSpec, VERDICT, verdictProgram } from ${JSON.stringify(`${FIXTURES}pass-object.ts`)};
import { programOf } from ${JSON.stringify(`${FIXTURES}program-of.ts`)};
const object = loadObject(objectSpec([verdictProgram("pass", VERDICT.pass)]));
const program = programOf(object, "pass");
process.stdout.write("begins");
for (;;) {
  try {
    attachXdp({ interface: "veth0", program })[Symbol.dispose]();
  } catch (error) {
    // The kernel ends a link a little later than it is closed.
    if (error.code !== "WEIR_BUSY") throw error;
  }
}`;

test.skipIf(requireRoot())("links are listed while others come and go", async () => {
  using left = NetworkNamespace.create();
  using right = NetworkNamespace.create();
  vethPair(left, right);
  const words = ["--conditions=source", "--input-type=module-typescript", "-e", ATTACH];
  const child = left.spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const [said] = await Promise.race([once(child.stdout ?? child, "data"), ended]);
  expect(String(said)).toBe("begins");
  const seen = new Set<number>();
  for (const end = Date.now() + MILLISECONDS; Date.now() < end; ) for (const { id } of links()) seen.add(id);
  expect(child.exitCode).toBeNull();
  child.kill("SIGKILL");
  await ended;
  // Met at least once.
  expect(seen.size).toBeGreaterThan(0);
});
