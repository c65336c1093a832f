import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

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
const forbidden =
  spawnSync("unshare", ["--user", "true"]).status === 0 ? "" : " (left out: this machine forbids user namespaces)";
/** Maps all users to themselves, as the first namespace does, which only somebody outside may. */
const MAP_ALL = `
  unshare --user sh -c 'until grep -q . /proc/self/uid_map; do sleep 0.01; done; exec "$0" "$@"' "$@" &
  for map in uid_map gid_map; do
    until echo 0 0 4294967295 2> /dev/null > /proc/$!/$map; do sleep 0.01; done
  done
  wait $!
`;
const USER_NAMESPACES = [
  ["root", ["unshare", "--user", "--map-root-user"]],
  ["all users", ["bash", "-c", MAP_ALL, "bash"]],
] as const;

describe.skipIf(forbidden !== "")(`in a user namespace${forbidden}`, () => {
  test.each(USER_NAMESPACES)("of %s it says that capabilities count for nothing", (_, words) => {
    expect(loadWith(...words)).toMatchObject({
      isPermissionDenied: true,
      message: expect.stringContaining("This process is in a user namespace"),
    });
  });

  test.each(USER_NAMESPACES)("of %s the facts tell it, although no capability is missing", (_, words) => {
    const code = `import { kernelFacts } from "@weir/kernel"; console.log(JSON.stringify(kernelFacts()))`;
    const node = [process.execPath, "--conditions=source", "--input-type=module", "--eval", code];
    const { stdout, stderr } = spawnSync("env", [...words, ...node], {
      cwd: import.meta.dirname,
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({ inUserNamespace: true, missingCapabilities: [] });
  });
});
