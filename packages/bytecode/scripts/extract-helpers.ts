/**
 * Writes helpers/prototypes.json: what helpers take and give, as the comments of `linux/bpf.h` say it.
 *
 * `node --conditions=source packages/bytecode/scripts/extract-helpers.ts [/usr/include/linux/bpf.h]` (Debian: linux-libc-dev)
 */
import { readFileSync, writeFileSync } from "node:fs";
import { helperNumbers } from "../src/helpers/numbers.generated.ts";

const [header = "/usr/include/linux/bpf.h"] = process.argv.slice(2);
const prototypes: Record<string, string> = {
  // Newer than the header of Debian 12.
  bpf_cgrp_storage_get:
    "void *bpf_cgrp_storage_get(struct bpf_map *map, struct cgroup *cgroup, void *value, u64 flags)",
  bpf_cgrp_storage_delete: "long bpf_cgrp_storage_delete(struct bpf_map *map, struct cgroup *cgroup)",
};
for (const [, prototype, name] of readFileSync(header, "utf8").matchAll(
  /^ \* ((?:[a-z_0-9]+ )+\*?(bpf_\w+)\(.*\))$/gm,
)) {
  if (prototype !== undefined && name !== undefined) prototypes[name] ??= prototype;
}
const missing = Object.keys(helperNumbers).filter((name) => prototypes[name] === undefined);
if (missing.length > 0) throw new Error(`${header} does not describe ${missing.join(", ")}`);
const sorted = Object.fromEntries(Object.keys(helperNumbers).map((name) => [name, prototypes[name]]));
writeFileSync(new URL("../helpers/prototypes.json", import.meta.url), `${JSON.stringify(sorted, undefined, 2)}\n`);
