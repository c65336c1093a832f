import { struct, u8, u16, u32 } from "../layout/index.ts";

export const BTF_MAGIC = 0xeb9f;
export const BTF_VERSION = 1;

/** `struct btf_header`. Offsets count from the end of the header. */
export const BtfHeader = struct({
  magic: u16,
  version: u8,
  flags: u8,
  headerLength: u32,
  typeOffset: u32,
  typeLength: u32,
  stringOffset: u32,
  stringLength: u32,
});
