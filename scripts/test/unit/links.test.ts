import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../examples/check.ts";

const DOCUMENTS = globSync(["*.md", "docs/*.md", "packages/*/README.md"], { cwd: ROOT });

test.each(DOCUMENTS)("the links of %s lead somewhere", (document) => {
  const text = readFileSync(join(ROOT, document), "utf8");
  const targets = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, target = ""]) => target);
  const files = targets.filter((target) => !/^\w+:/.test(target));
  expect(files.filter((file) => !existsSync(join(ROOT, dirname(document), file)))).toEqual([]);
});
