import type { ByteReader } from "../byte-reader.ts";
import type { ConfigSpec, ObjectSpec } from "../spec.ts";
import { StringTable } from "../string-table.ts";

/**
 * Section `.weir.config`: the values that `config()` declares and the slots that hold them, one line of text each:
 * `config <type> <default> <name>`, where the type is `u16` or `i32` and its like, and `slot <slot> <section> <name>`, where slots count from the start of the section. It is a string table, because libbpf passes over
 * string tables without a word; other tools load the defaults, which are in the instructions.
 */
export const CONFIG_SECTION = ".weir.config";

export interface ConfigReference {
  readonly config: string;
  readonly section: string;
  readonly slot: number;
}

export function encodeConfigs(spec: ObjectSpec, references: readonly ConfigReference[]): Uint8Array {
  const lines = new StringTable();
  for (const { name, bits, signed, default: value } of spec.configs.values()) {
    lines.add(`config ${signed ? "i" : "u"}${bits} ${value} ${name}`);
  }
  for (const { config, section, slot } of references) lines.add(`slot ${slot} ${section} ${config}`);
  return lines.build();
}

export function decodeConfigs(section: ByteReader): {
  configs: Map<string, ConfigSpec>;
  references: ConfigReference[];
} {
  const configs = new Map<string, ConfigSpec>();
  const references: ConfigReference[] = [];
  for (let at = 1; at < section.length; ) {
    const line = section.text(at);
    const config = /^config ([iu])(8|16|32|64) (-?\d+) (.+)$/s.exec(line);
    const slot = /^slot (\d+) (\S+) (.+)$/s.exec(line);
    if (config !== null) {
      const [, sign, width = "", value = "", name = ""] = config;
      const bits = Number(width) as ConfigSpec["bits"]; // The expression lets only these through.
      configs.set(name, Object.freeze({ name, bits, signed: sign === "i", default: BigInt(value) }));
    } else if (slot !== null) {
      const [, index = "", section = "", name = ""] = slot;
      references.push({ config: name, section, slot: Number(index) });
    } else {
      throw section.error(`holds a line that is no config: ${JSON.stringify(line)}`, at);
    }
    at = section.bytes.indexOf(0, at) + 1;
  }
  return { configs, references };
}
