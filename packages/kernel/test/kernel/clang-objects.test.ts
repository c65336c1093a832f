import { readObject, writeObject } from "@weir/bytecode";
import { type LoadedObject, loadObject } from "@weir/kernel";
import { requirePath, requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { BpftoolObject, type Facts, factsById } from "../fixtures/bpftool.ts";
import { compileSample } from "../fixtures/clang.ts";
import { programOf } from "../fixtures/program-of.ts";

const HEADERS = requirePath("/usr/include/bpf/bpf_core_read.h", "apt install libbpf-dev");

const SAMPLES = [
  "callbacks",
  "events",
  "fields",
  "frags",
  "functions",
  "globals",
  "kernel-functions",
  "keyed-maps",
  "keyless-maps",
  "maps-of-maps",
  "places",
  "questions",
  "redirect",
  "tail-calls",
];

describe.skipIf(requireTool("clang", "bpftool") ?? HEADERS)("an object that clang made", () => {
  test.each(SAMPLES)("is in the kernel what bpftool makes of it: %s", (name) => {
    const bytes = compileSample(name);
    using theirs = new BpftoolObject(bytes, name);
    using ours = loadObject(readObject(bytes), { name });

    expect(programFacts(ours)).toEqual(byName(theirs.programs(), programFact));
    expect(mapFacts(ours)).toEqual(byName(theirs.maps(), mapFact));
  });

  test.each(SAMPLES)("is the same after being read and written by us: %s", (name) => {
    const object = readObject(compileSample(name));
    const bytes = writeObject(object);
    using theirs = new BpftoolObject(bytes, name);
    using ours = loadObject(object, { name });

    expect(byName(theirs.programs(), programFact)).toEqual(programFacts(ours));
    expect(byName(theirs.maps(), mapFact)).toEqual(mapFacts(ours));
  });
});

function programFacts(object: LoadedObject): Facts[] {
  const programs = [...object.spec.programs.keys()].map((name) => factsById("prog", programOf(object, name).id));
  return byName(programs, programFact);
}

function mapFacts(object: LoadedObject): Facts[] {
  return byName(
    [...object.maps.values()].map((map) => factsById("map", map.info.id)),
    mapFact,
  );
}

/** The tag is a hash of the instructions as they were loaded, CO-RE relocations done. */
const programFact = ({ name, type, tag, gpl_compatible, bytes_xlated, map_ids, btf_id }: Facts): Facts => ({
  name,
  type,
  tag,
  gpl_compatible,
  bytes_xlated,
  hasTypes: btf_id !== undefined,
  maps: mapsOf(map_ids),
});

const mapFact = (facts: Facts): Facts => {
  const { name, type, flags, bytes_key, bytes_value, max_entries, frozen, owner_prog_type, btf_id } = facts;
  return {
    name,
    type,
    flags,
    bytes_key,
    bytes_value,
    max_entries,
    frozen,
    owner_prog_type,
    hasTypes: btf_id !== undefined,
  };
};

/** The maps that a program uses. libbpf binds constants to all programs of an object, whether they use them or not. */
function mapsOf(ids: unknown): unknown[] {
  const names = Array.isArray(ids) ? ids.map((id: number) => String(factsById("map", id).name)) : [];
  return names.filter((name) => !name.includes(".rodata")).sort();
}

function byName(facts: readonly Facts[], select: (facts: Facts) => Facts): Facts[] {
  return facts.map(select).sort((left, right) => (String(left.name) < String(right.name) ? -1 : 1));
}
