import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("../fixtures/load-pass.ts", import.meta.url));

/** What loading a program gives in a process that was started with fewer rights. */
function loadWith(...command: string[]): unknown {
  const [name = "", ...words] = [...command, process.execPath, "--conditions=source", script];
  const { stdout, stderr } = spawnSync(name, words, { encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

test("with all rights it loads", () => {
  expect(loadWith("env")).toEqual({ kind: "loaded" });
});

test("with CAP_BPF and CAP_NET_ADMIN alone it loads", () => {
  expect(loadWith("setpriv", "--bounding-set=-all,+bpf,+net_admin")).toEqual({ kind: "loaded" });
});

test("without capabilities it says which are missing", () => {
  expect(loadWith("setpriv", "--bounding-set=-all")).toMatchObject({
    code: "WEIR_PERMISSION",
    isPermissionDenied: true,
    message: expect.stringContaining("This process lacks CAP_BPF, CAP_PERFMON, and CAP_NET_ADMIN."),
  });
});

test("without CAP_NET_ADMIN it says that this one is missing", () => {
  expect(loadWith("setpriv", "--bounding-set=-all,+bpf,+perfmon")).toMatchObject({
    message: expect.stringContaining("This process lacks CAP_NET_ADMIN."),
  });
});

// Some containers and every changed root forbid user namespaces.
const hasUserNamespaces = spawnSync("unshare", ["--user", "true"]).status === 0;

if (hasUserNamespaces)
  test("as root of a user namespace it says that this is no root", () => {
    expect(loadWith("unshare", "--user", "--map-root-user")).toMatchObject({
      isPermissionDenied: true,
      message: expect.stringContaining("root in a user namespace only"),
    });
  });
