import type { MapSpec, MapType } from "@weir/bytecode";
import { ERRNO } from "../errors/errno.ts";
import { KernelError } from "../errors/kernel-error.ts";
import { createMap } from "../maps/create-map.ts";
import { bpf_map_flags } from "../uapi/bpf.generated.ts";
import { Answer } from "./answer.ts";

type Shape = Pick<MapSpec, "keySize" | "valueSize" | "maxEntries"> & Partial<MapSpec>;

const SMALL: Shape = { keySize: 4, valueSize: 4, maxEntries: 1 };
const KEYLESS: Shape = { keySize: 0, valueSize: 0, maxEntries: 4096 };
const INNER: MapSpec = { name: "probe", type: "array", ...SMALL, flags: 0, keyType: 0, valueType: 0 };

/** The smallest map of a type, where that is not one entry of 4 bytes. */
const SHAPES: Readonly<Partial<Record<MapType, Shape>>> = {
  "lpm-trie": { keySize: 8, valueSize: 4, maxEntries: 1, flags: bpf_map_flags.BPF_F_NO_PREALLOC },
  "ring-buffer": KEYLESS,
  "array-of-maps": { ...SMALL, inner: INNER },
  "hash-of-maps": { ...SMALL, inner: INNER },
  queue: { ...SMALL, keySize: 0 },
  stack: { ...SMALL, keySize: 0 },
  "bloom-filter": { ...SMALL, keySize: 0 },
  arena: { ...KEYLESS, maxEntries: 1, flags: bpf_map_flags.BPF_F_MMAPABLE },
};

/**
 * Whether the running kernel makes maps of a type: makes a small one and forgets it.
 *
 * @example
 * ```ts
 * probeMapType("arena"); // { answer: "no", reason: "BPF_MAP_CREATE gives EINVAL" } before Linux 6.9
 * ```
 * Needs CAP_BPF for most types; without it the answer is `"unknown"`.
 */
export function probeMapType(type: MapType): Answer {
  // A local storage hangs on types that only an object of its own brings.
  if (type === "sk-storage") return Answer.unknown("making one takes an object with types");
  try {
    createMap({ name: "probe", type, flags: 0, keyType: 0, valueType: 0, ...(SHAPES[type] ?? SMALL) })[
      Symbol.dispose
    ]();
    return Answer.yes;
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    if (error.errno === ERRNO.EINVAL || error.isNotSupported) return Answer.no(`BPF_MAP_CREATE gives ${error.answer}`);
    return Answer.unknown(`BPF_MAP_CREATE gives ${error.answer}`);
  }
}
