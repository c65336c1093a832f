import { bytes, struct, u8, u16, u32, u64 } from "../layout/index.ts";

// The 64-bit little-endian ELF structures, as System V's gABI and the kernel's elf.h have them.
export const ElfHeader = struct({
  identification: bytes(16),
  type: u16,
  machine: u16,
  version: u32,
  entry: u64,
  programHeaders: u64,
  sectionHeaders: u64,
  flags: u32,
  headerSize: u16,
  programHeaderSize: u16,
  programHeaderCount: u16,
  sectionHeaderSize: u16,
  sectionHeaderCount: u16,
  nameSection: u16,
});

export const SectionHeader = struct({
  name: u32,
  type: u32,
  flags: u64,
  address: u64,
  offset: u64,
  size: u64,
  link: u32,
  info: u32,
  alignment: u64,
  entrySize: u64,
});

export const SymbolRecord = struct({ name: u32, info: u8, visibility: u8, section: u16, value: u64, size: u64 });

export const RelocationRecord = struct({ offset: u64, type: u32, symbol: u32 });

/** Magic number, 64 bits, little-endian, version 1. */
export const IDENTIFICATION: Uint8Array = Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
export const TYPE_RELOCATABLE = 1;
export const MACHINE_BPF = 247;

export const sectionTypes = { null: 0, data: 1, symbols: 2, strings: 3, zeros: 8, relocations: 9 } as const;
export const sectionFlags = { write: 1n, allocate: 2n, code: 4n, info: 0x40n } as const;
export const symbolTypes = { none: 0, object: 1, function: 2, section: 3 } as const;
export const bindings = { local: 0, global: 1, weak: 2 } as const;
/** `STV_*` of symbols that nothing outside of the object may use. */
export const hiddenVisibilities: readonly number[] = [1, 2];

/** `R_BPF_64_64`: the address of data, in a 64-bit load. */
export const RELOCATION_ADDRESS = 1;
/** `R_BPF_64_ABS64`: the address of something, in data: an entry that a map begins with. */
export const RELOCATION_ENTRY = 2;
/** `R_BPF_64_32`: the distance to a function, in a call. */
export const RELOCATION_CALL = 10;
