import { fileURLToPath } from "node:url";

/** The kernel types that weir uses, as `extract-uapi.ts` found them in a kernel's BTF. */
export const DUMP_FILE = fileURLToPath(new URL("../uapi/linux-6.18.json", import.meta.url));

export interface UapiDump {
  /** Release whose BTF was read. */
  readonly kernel: string;
  /** By name of the generated file. */
  readonly files: Readonly<Record<string, UapiFile>>;
}

export interface UapiFile {
  readonly enumerations: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly structures: Readonly<Record<string, UapiStructure>>;
}

export interface UapiStructure {
  /** Bytes. */
  readonly size: number;
  /** Offset and size in bytes; members of anonymous parts are listed as if they were the structure's own. */
  readonly fields: Readonly<Record<string, readonly [offset: number, size: number]>>;
}
