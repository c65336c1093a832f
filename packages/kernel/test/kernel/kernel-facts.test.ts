import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

/** Runs a script where something else is mounted over a folder of the kernel's. */
function runWith(mounts: string, code: string): unknown {
  const node = [process.execPath, "--conditions=source", "--input-type=module-typescript", "--eval", code];
  const shell = ["sh", "-c", `${mounts} && exec "$@"`, "sh", ...node];
  const { stdout, stderr } = spawnSync("unshare", ["--mount", ...shell], {
    cwd: import.meta.dirname,
    encoding: "utf8",
  });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

const FACTS = `import { kernelFacts } from "@weir/kernel"; console.log(JSON.stringify(kernelFacts()))`;
const NO_TYPES = "mount -t tmpfs none /sys/kernel/btf";

test("a kernel without types of its own is told", () => {
  expect(runWith(NO_TYPES, FACTS)).toMatchObject({
    types: { answer: "no", reason: expect.stringContaining("CONFIG_DEBUG_INFO_BTF") },
  });
});

test("what needs the kernel's types says that it has none, and which kernels do", () => {
  const asked = `
    import { kernelFieldOffset } from "@weir/kernel";
    try { kernelFieldOffset("net_device", "ifindex"); } catch ({ code, message }) { console.log(JSON.stringify({ code, message })); }
  `;
  expect(runWith(NO_TYPES, asked)).toEqual({
    code: "WEIR_NOT_SUPPORTED",
    message: expect.stringMatching(/the kernel does not tell its own types\n.*CONFIG_DEBUG_INFO_BTF/),
  });
});

test.each(["none", "integrity", "confidentiality"])("lockdown %s is told", (level) => {
  const text = "none integrity confidentiality".replace(level, `[${level}]`);
  const locked = `mount -t tmpfs none /sys/kernel/security && echo '${text}' > /sys/kernel/security/lockdown`;
  expect(runWith(locked, FACTS)).toMatchObject({ lockdown: level });
});
