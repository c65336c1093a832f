import { fileURLToPath } from "node:url";
import type { ObjectSpec } from "@weir/bytecode";
import { struct, u16, u32, u64 } from "@weir/bytecode/layout";
import { compile, formatDiagnostics } from "@weir/compiler";
import { type BpfProgram, HashMap, LruHashMap, LruPerCpuHashMap, loadObject } from "@weir/kernel";
import { monitorObject } from "@weir/programs";
import { compileC } from "../../../programs/test/twin/compile-c.ts";
import { connectionAt } from "../../src/flow-table/connection-row.ts";
import { tableSettings } from "../../src/monitor/check-options.ts";
import { type LoadedMonitor, loadMonitor, PROGRAM } from "../../src/monitor/load-monitor.ts";
import { read } from "../../src/monitor/reading.ts";
import { tableSize } from "../../src/monitor/table-size.ts";
import { ownProgram } from "../../src/own-program.ts";
import { flowName } from "./schedule.ts";

const DROPPING = fileURLToPath(new URL("dropping-monitor.bpf.ts", import.meta.url));

/** The kernel's numbers of the maps that `textbook.c` may have. */
const [HASH, LRU_HASH, LRU_PERCPU_HASH] = [1, 9, 10];
/** Counts totals alone. */
const NO_FLOWS = 3;

/** Of a map of `textbook.c`. */
const LAYOUTS = {
  key: struct({ source: u32, destination: u32, ports: u32, protocolAndKind: u16, reserved: u16 }),
  value: struct({ packets: u64, bytes: u64, lastSeen: u64 }),
};

/** A program whose cost is measured. */
export interface Contender {
  readonly program: BpfProgram;
  /** Whether it takes frames in several buffers. */
  readonly frags?: true;
  /** Packets of the IPv4 flows that it knows, by `flowName`; undefined where nobody reads them. */
  packets?(): ReadonlyMap<string, bigint>;
}

export interface ContenderOptions {
  /** That tables are made for. */
  readonly connections: number;
  /** What becomes of all frames, if they are not to be passed. */
  readonly verdict?: number | undefined;
}

/** Their names, in the order in which they are shown. */
export const CONTENDERS = [
  "null",
  "weir",
  "weir again",
  "weir, frags",
  "its twin in C",
  "former design",
  "totals alone",
  "HASH",
  "LRU_HASH",
  "LRU_PERCPU_HASH",
] as const;

export type ContenderName = (typeof CONTENDERS)[number];

/** All of them, loaded, with tables of their own that are empty. */
export function loadContenders(
  { connections, verdict }: ContenderOptions,
  objects: DisposableStack,
): Readonly<Record<ContenderName, Contender>> {
  const drops = verdict === undefined ? {} : { VERDICT: verdict };
  const weir = (frags = false): Contender => {
    const table = tableSettings({ connections });
    const monitor = objects.use(
      loadMonitor({ table, frags, object: verdict === undefined ? monitorObject() : droppingMonitor() }),
    );
    return { program: monitor.program, ...(frags && { frags }), packets: () => packetsOf(monitor) };
  };
  const inC = (file: string, macros: Readonly<Record<string, number>> = {}, name = PROGRAM): Contender => {
    const object = objects.use(loadObject(compileC(file, { ...macros, ...drops })));
    return { program: ownProgram(object, name) };
  };
  const textbook = (type: number): Contender => {
    const macros = { MAP_TYPE: type, CONNECTIONS: connections, ...drops };
    const object = objects.use(loadObject(compileC("textbook.c", macros)));
    const map = object.map("CONNECTIONS4");
    const rows = (): Row[] => {
      if (type === HASH) return [...HashMap.of(map, LAYOUTS).entries()];
      if (type === LRU_HASH) return [...LruHashMap.of(map, LAYOUTS).entries()];
      const entries = [...LruPerCpuHashMap.of(map, LAYOUTS).entries()];
      return entries.map(([key, parts]) => [key, { packets: parts.reduce((sum, part) => sum + part.packets, 0n) }]);
    };
    const packets = () => new Map(rows().map(([key, value]) => [flowName(key.source, key.ports), value.packets]));
    return { program: ownProgram(object, PROGRAM), packets };
  };
  const { slots, sections } = tableSize(connections);
  const twin = { SLOTS: slots, SECTIONS: sections, CONNECTIONS: connections };
  return {
    null: inC("null.c", {}, "xdp_pass"),
    weir: weir(),
    "weir again": weir(),
    "weir, frags": weir(true),
    "its twin in C": inC("monitor.c", twin),
    "former design": inC("former.c", twin),
    "totals alone": inC("monitor.c", { ...twin, SAMPLING_BY: NO_FLOWS }),
    HASH: textbook(HASH),
    LRU_HASH: textbook(LRU_HASH),
    LRU_PERCPU_HASH: textbook(LRU_PERCPU_HASH),
  };
}

function droppingMonitor(): ObjectSpec {
  const { object, diagnostics } = compile(DROPPING, {
    fixed: { tracking: 1n, sampling: 0n, steering: 0n, filtering: 0n },
  });
  if (object === undefined) throw new Error(formatDiagnostics(diagnostics));
  return object;
}

type Row = readonly [key: { readonly source: number; readonly ports: number }, value: { readonly packets: bigint }];

function packetsOf({ maps }: LoadedMonitor): ReadonlyMap<string, bigint> {
  const rows = read(maps).families.flatMap((family) =>
    [...Array(family.count).keys()].filter((row) => !family.isFolded(row)).map((row) => connectionAt(family, row)),
  );
  return new Map(rows.map(({ source, sourcePort, packets }) => [`${source} ${sourcePort}`, packets]));
}
