import { type BtfBuilder, btfOfLayout, type MapSpec } from "@weir/bytecode";
import { u32 } from "@weir/bytecode/layout";
import type { MapDeclaration } from "../constants/constant.ts";
import type { LayoutNames } from "../types/type-name.ts";
import { btfName } from "./btf-name.ts";

const BPF_F_MMAPABLE = 1 << 10;

/** A map as the object declares it, its key and value described by name. */
export function mapSpec(btf: BtfBuilder, map: MapDeclaration, names: LayoutNames): MapSpec {
  const key = map.key ?? u32;
  return Object.freeze({
    name: map.name,
    type: map.type,
    keySize: key.size,
    valueSize: map.value.size,
    maxEntries: map.maxEntries,
    flags: map.mmapable ? BPF_F_MMAPABLE : 0,
    keyType: btfOfLayout(btf, key, btfName(names.get(key) ?? `${map.name}_key`)),
    valueType: btfOfLayout(btf, map.value, btfName(names.get(map.value) ?? `${map.name}_value`)),
  });
}
