import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ObjectSpec, withConfig, withMapSizes } from "@weir/bytecode";
import { be32, struct, u32, u64 } from "@weir/bytecode/layout";
import { type LoadedObject, LpmTrieMap, presentCpus } from "@weir/kernel";
import { formatDiagnostics, compile as translate } from "../src/index.ts";
import { compileC } from "./clang.ts";
import { timedFrame } from "./frames.ts";

/** What a pair is an example of: one part of the language, or what people write XDP programs for. */
export type Kind = "construct" | "program";

/** A program in TypeScript and its twin in C, which do the same to every packet. */
export interface Pair {
  readonly name: string;
  readonly kind: Kind;
  /** The program's name in both objects. */
  readonly program: string;
  /** Whether it runs at tracepoints instead of for packets. */
  readonly traced?: boolean;
  /** Fills the maps of a loaded object. */
  prepare?(object: LoadedObject): void;
  /** The packet that it is timed with. */
  readonly frame: Uint8Array;
  weir(): ObjectSpec;
  clang(): ObjectSpec;
}

const folder = (name: string): string => fileURLToPath(new URL(`./suite/${name}/`, import.meta.url));
const ownPrograms = fileURLToPath(new URL("../../programs/", import.meta.url));

/** All pairs, or those whose names begin like one of `wanted`. */
export function pairs(wanted: readonly string[] = []): Pair[] {
  const all = [...inFolder("constructs", "construct"), ...inFolder("programs", "program"), monitor];
  return wanted.length === 0 ? all : all.filter(({ name }) => wanted.some((start) => name.startsWith(start)));
}

function inFolder(name: string, kind: Kind): Pair[] {
  const path = folder(name);
  const files = readdirSync(path).filter((file) => file.endsWith(".bpf.ts"));
  return files.toSorted().map((file) => {
    const stem = file.slice(0, -".bpf.ts".length);
    return {
      name: stem,
      kind,
      program: "program",
      frame: timedFrame(stem),
      traced: stem === "wakeup-latency",
      ...(stem === "lpm-filter" && { prepare: blockPrefixes }),
      weir: () => compile(`${path}${file}`),
      clang: () => compileC(`${path}${stem}.c`),
    };
  });
}

/** Some hundred prefixes, among them one of the addresses that packets here have. */
function blockPrefixes(object: LoadedObject): void {
  const layouts = { key: struct({ length: u32, address: be32 }), value: struct({ packets: u64, bytes: u64 }) };
  using blocked = LpmTrieMap.of(object.map("BLOCKED"), layouts);
  const none = { packets: 0n, bytes: 0n };
  for (let network = 0; network < 200; network++)
    blocked.set({ length: 24, address: 0x0a00_0000 + network * 256 }, none);
  blocked.set({ length: 24, address: 0xc000_0200 }, none);
}

/** Of the flow table, and how many of them are a bucket. */
const [SLOTS, WAYS] = [13_656, 8];

/** The monitor lies where it belongs, and has a twin there. */
const monitor: Pair = {
  name: "monitor",
  kind: "program",
  program: "xdp_packet_monitor",
  frame: timedFrame("monitor"),
  weir() {
    const sections = presentCpus();
    const object = compile(`${ownPrograms}src/kernel/monitor.bpf.ts`, {
      ...{ tracking: 1n, sampling: 0n, steering: 0n, filtering: 0n },
      // The twin has it as a constant of the preprocessor.
      multi_buffer: 0n,
    });
    const [slots, buckets] = [sections * SLOTS, (sections * SLOTS) / WAYS];
    const sizes = { XDP_CONN_STATS: slots, XDP_CONN6_STATS: slots, XDP_CONN_INDEX: buckets, XDP_CONN6_INDEX: buckets };
    return withMapSizes(withConfig(object, { sections, flow_buckets: SLOTS / WAYS }), sizes);
  },
  clang: () => compileC(`${ownPrograms}test/twin/monitor.c`, { SECTIONS: presentCpus(), SLOTS }),
};

function compile(file: string, fixed: Readonly<Record<string, bigint>> = {}): ObjectSpec {
  const { object, diagnostics } = translate(file, { fixed });
  if (object === undefined) throw new Error(formatDiagnostics(diagnostics));
  return object;
}
