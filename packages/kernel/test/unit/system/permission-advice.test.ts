import { expect, test } from "vitest";
import { missingCapabilities } from "../../../src/system/capabilities.ts";
import { type Permissions, permissionAdvice } from "../../../src/system/permission-advice.ts";

const status = (bits: bigint) =>
  `Name:\tnode\nCapInh:\t0000000000000000\nCapEff:\t${bits.toString(16).padStart(16, "0")}\n`;
const NET_ADMIN = 1n << 12n;
const SYS_ADMIN = 1n << 21n;
const PERFMON = 1n << 38n;
const BPF = 1n << 39n;

test.each([
  ["none", 0n, ["CAP_BPF", "CAP_PERFMON", "CAP_NET_ADMIN"]],
  ["CAP_NET_ADMIN", NET_ADMIN, ["CAP_BPF", "CAP_PERFMON"]],
  ["CAP_BPF", BPF, ["CAP_PERFMON", "CAP_NET_ADMIN"]],
  ["all three", BPF | PERFMON | NET_ADMIN, []],
  ["CAP_SYS_ADMIN", SYS_ADMIN, []],
])("with %s", (_, bits, missing) => {
  expect(missingCapabilities(status(bits))).toEqual(missing);
});

const allowed = { missing: [], isInUserNamespace: false, isLockedDown: false } as const;

test("missing capabilities are named, with the container's flags", () => {
  expect(permissionAdvice({ ...allowed, missing: ["CAP_BPF", "CAP_PERFMON", "CAP_NET_ADMIN"] })).toEqual([
    "This process lacks CAP_BPF, CAP_PERFMON, and CAP_NET_ADMIN.",
    "Run it with sudo, or in a container with --cap-add BPF --cap-add PERFMON --cap-add NET_ADMIN.",
  ]);
});

test.each<[string, Permissions, string]>([
  ["a user namespace", { ...allowed, isInUserNamespace: true }, "is in a user namespace"],
  ["one without capabilities", { ...allowed, isInUserNamespace: true, missing: ["CAP_BPF"] }, "is in a user namespace"],
  ["lockdown", { ...allowed, isLockedDown: true }, "The kernel is locked down"],
  ["anything else", allowed, "a security module or a seccomp filter"],
])("%s is told apart", (_, permissions, words) => {
  expect(permissionAdvice(permissions).join("\n")).toContain(words);
});
