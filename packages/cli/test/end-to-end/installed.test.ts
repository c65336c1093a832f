import { fileURLToPath } from "node:url";
import { requirePath, tryCommand } from "@weir/laboratory";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const missing = requirePath(`${ROOT}packages/cli/dist/main.cjs`, "npm run build");

describe.skipIf(missing)("what npm puts beside the other commands", () => {
  test("weir runs, on the Node that the repository brings", () => {
    const environment = { PATH: `${ROOT}node_modules/.bin:${process.env.PATH}` };
    const result = tryCommand(`${ROOT}node_modules/.bin/weir`, ["--version"], { environment });
    expect(result).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: "" });
  });
});
