import { execFileSync } from "node:child_process";
import { helperNumber, type MapType } from "@weir/bytecode";
import { kernelFacts, probeHelper, probeMapType } from "@weir/kernel";
import { expect, test } from "vitest";

interface Probed {
  readonly system_config: { readonly unprivileged_bpf_disabled: number; readonly bpf_jit_enable: number };
  readonly map_types: Readonly<Record<string, boolean>>;
}

const json = execFileSync("bpftool", ["--json", "feature", "probe", "kernel"], { encoding: "utf8" });
// What else it says is not looked at; what is missing makes the comparisons below fail.
const probed = JSON.parse(json) as Probed;

/** The types that weir asks about, and bpftool's names of them. Those that it does not know are newer than it is. */
const TYPES: Readonly<Partial<Record<MapType, string>>> = {
  hash: "hash",
  array: "array",
  "per-cpu-hash": "percpu_hash",
  "per-cpu-array": "percpu_array",
  "lru-hash": "lru_hash",
  "lru-per-cpu-hash": "lru_percpu_hash",
  "lpm-trie": "lpm_trie",
  "ring-buffer": "ringbuf",
  "program-array": "prog_array",
  "device-map": "devmap",
  "device-hash": "devmap_hash",
  "cpu-map": "cpumap",
  "xsk-map": "xskmap",
  "array-of-maps": "array_of_maps",
  "hash-of-maps": "hash_of_maps",
  "perf-event-array": "perf_event_array",
  queue: "queue",
  stack: "stack",
  "bloom-filter": "bloom_filter",
};

test("bpftool finds the same types of maps", () => {
  // The keys of a literal record are its type's keys.
  const types = Object.entries(TYPES) as [MapType, string][];
  const found = Object.fromEntries(types.map(([type]) => [type, probeMapType(type).answer]));
  const told = types.map(([type, name]) => [type, probed.map_types[`have_${name}_map_type`] === true ? "yes" : "no"]);
  expect(found).toEqual(Object.fromEntries(told));
});

test("helpers are told from those of other programs", () => {
  expect(probeHelper(helperNumber("bpf_redirect_map"), "xdp")).toEqual({ answer: "yes" });
  expect(probeHelper(helperNumber("bpf_perf_event_output"), "xdp")).toEqual({ answer: "yes", gplOnly: true });
  expect(probeHelper(helperNumber("bpf_skb_store_bytes"), "xdp")).toMatchObject({
    answer: "no",
    reason: expect.stringMatching(/unknown func|cannot use helper/),
  });
});

test("a type that the kernel does not know is told from one that it may not make", () => {
  expect(probeMapType("sk-storage")).toMatchObject({ answer: "unknown" });
});

test("what the kernel is set to is what its files say", () => {
  const facts = kernelFacts();
  expect(facts).toMatchObject({
    release: execFileSync("uname", ["-r"], { encoding: "utf8" }).trim(),
    types: { answer: "yes" },
    compiled: { answer: probed.system_config.bpf_jit_enable === 0 ? "no" : "yes" },
    unprivileged: { answer: probed.system_config.unprivileged_bpf_disabled === 0 ? "yes" : "no" },
    missingCapabilities: [],
    inUserNamespace: false,
  });
});
