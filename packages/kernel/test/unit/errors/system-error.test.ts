import { expect, test } from "vitest";
import { errnoName } from "../../../src/errors/errno.ts";
import { systemError } from "../../../src/errors/system-error.ts";

const EPERM = 1;
const EEXIST = 17;
const ENOTSUPP = 524;

test("an error says what was attempted, on what, the answer, and what to do", () => {
  const error = systemError("BPF_OBJ_PIN", 'map "flows" at /sys/fs/bpf/flows', EEXIST);
  expect(error.message).toBe(
    [
      'BPF_OBJ_PIN on map "flows" at /sys/fs/bpf/flows failed: EEXIST',
      "  Something is pinned at this path already: remove it or choose another.",
    ].join("\n"),
  );
  expect(error).toMatchObject({
    name: "KernelError",
    code: "WEIR_BUSY",
    errno: EEXIST,
    isBusy: true,
    isNotFound: false,
  });
});

test("the kernel's words and the caller's sentences come first", () => {
  const error = systemError("RTM_SETLINK", 'interface "eth0"', EEXIST, {
    words: "already attached",
    advice: ["Ours."],
  });
  expect(error.message).toBe('RTM_SETLINK on interface "eth0" failed: EEXIST: already attached\n  Ours.');
});

test("EPERM is a matter of permission for every command; what it means the table may know better", () => {
  expect(systemError("BPF_PROG_LOAD", 'program "x"', EPERM)).toMatchObject({ isPermissionDenied: true });
  expect(systemError("BPF_MAP_UPDATE_ELEM", 'map "x"', EPERM)).toMatchObject({
    isPermissionDenied: true,
    advice: ["The map is frozen or was opened for reading only."],
  });
});

test("the cause is kept", () => {
  const cause = new Error("first");
  expect(systemError("BPF_LINK_CREATE", "x", EPERM, { cause }).cause).toBe(cause);
});

test("error numbers have names, the kernel's own too", () => {
  expect([2, 95, ENOTSUPP, 9999].map(errnoName)).toEqual(["ENOENT", "EOPNOTSUPP", "ENOTSUPP", "error 9999"]);
});
