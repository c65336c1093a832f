import { readFileSync } from "node:fs";
import { type Btf, helperName, type MapType, mapTypeNumbers, mapTypeOf, parseBtf } from "@weir/bytecode";
import { requirePath } from "@weir/laboratory";
import { describe, expect, test } from "vitest";

/** The kernel's names where they are not ours in capitals. */
const kernelNames: Partial<Record<MapType, string>> = {
  "program-array": "PROG_ARRAY",
  "per-cpu-hash": "PERCPU_HASH",
  "per-cpu-array": "PERCPU_ARRAY",
  "lru-per-cpu-hash": "LRU_PERCPU_HASH",
  "device-map": "DEVMAP",
  "device-hash": "DEVMAP_HASH",
  "cpu-map": "CPUMAP",
  "xsk-map": "XSKMAP",
  "ring-buffer": "RINGBUF",
};

const VMLINUX = "/sys/kernel/btf/vmlinux";
const missing = requirePath(VMLINUX, "run on a kernel built with CONFIG_DEBUG_INFO_BTF");

function enumeration(btf: Btf, name: string): Map<string, number> {
  const values = btf.find("enum", name)?.type.values ?? [];
  return new Map(values.map((entry) => [entry.name, Number(entry.value)]));
}

describe.skipIf(missing)("the kernel agrees", () => {
  test("on the numbers of helpers", () => {
    const numbers = enumeration(parseBtf(readFileSync(VMLINUX)), "bpf_func_id");
    const known = [...numbers].filter(([name, number]) => name.startsWith("BPF_FUNC_") && helperName(number));

    expect(known.length).toBeGreaterThan(150);
    for (const [name, number] of known) expect(helperName(number)).toBe(name.replace("BPF_FUNC_", "bpf_"));
  });

  test("on the numbers of map types", () => {
    const numbers = enumeration(parseBtf(readFileSync(VMLINUX)), "bpf_map_type");

    for (const [type, number] of Object.entries(mapTypeNumbers)) {
      const name = kernelNames[mapTypeOf(number) ?? "hash"] ?? type.toUpperCase().replaceAll("-", "_");
      expect(numbers.get(`BPF_MAP_TYPE_${name}`), type).toBe(number);
    }
  });
});
