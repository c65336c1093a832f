import { type Btf, type MapSpec, type ObjectSpec, parseBtf, typeText } from "@weir/bytecode";
import type { BpfMap } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import type { TableSettings } from "../monitor/check-options.ts";
import { monitorSpec } from "../monitor/load-monitor.ts";
import { typesOf } from "../monitor/map-types.ts";
import { countedMapNames, MAPS, type MapName, type NamedMaps, SAMPLE_MAPS } from "../monitor/monitor-maps.ts";
import { type SampleSettings, sampleText } from "../monitor/sample-settings.ts";
import type { OpenedPins } from "./opened-monitor.ts";

/** What a program shall be loaded with. */
export interface WantedSettings {
  readonly table: TableSettings;
  readonly sample: SampleSettings | undefined;
}

/** Types are compared with all that is inside them. */
const DEEP = 16;

/**
 * What in pinned maps is in the way of a program that counts into them, a phrase each; nothing when it can.
 *
 * @throws {EngineError} `WEIR_OPTION` when what was counted and what is to be counted cannot be added up
 */
export function layoutDifferences({ settings, maps }: OpenedPins, { table, sample }: WantedSettings): string[] {
  checkSample(settings.sample, sample);
  const { form } = settings;
  const found: string[] = [];
  if (form === undefined) found.push("they come from a version of weir that did not keep the factors of their hash");
  if (table.connections !== settings.table.connections) {
    found.push(`room for ${settings.table.connections} connections, not for ${table.connections}`);
  }
  const spec = monitorSpec(
    { sample },
    form ?? { slots: maps.get("XDP_CONN_STATS")?.info.maxEntries ?? 0, sections: 1 },
  );
  return [...found, ...countedMapNames(sample).flatMap((name) => differenceOf(name, maps.get(name), spec) ?? [])];
}

/** What keeps the numbers in pinned maps from being carried over. Counters are taken by their names, tables must be as this version's. */
export function carriable({ settings, maps, carried }: OpenedPins): string[] {
  const spec = allMaps();
  const tables = [...MAPS, ...SAMPLE_MAPS].filter((name) => name !== "STATS");
  const differences = [maps, ...carried].flatMap((set) =>
    tables.flatMap((name) => {
      const map = set.get(name);
      return (map && recordDifference(name, map, spec)) ?? [];
    }),
  );
  // Another hash would choose other connections.
  const isUnknown = settings.sample?.by === "flows" && settings.form === undefined;
  return isUnknown
    ? [...differences, "the factors of the hash, which chose the connections, were not kept"]
    : differences;
}

/** Whether the records of maps are this version's. */
export function hasOwnRecords(maps: NamedMaps): boolean {
  const spec = allMaps();
  return [...maps].every(([name, map]) => recordDifference(name, map, spec) === undefined);
}

const allMaps = (): ObjectSpec => monitorSpec({ sample: { by: "packets", rate: 1 } }, { slots: 1, sections: 1 });

function differenceOf(name: MapName, map: BpfMap | undefined, spec: ObjectSpec): string | undefined {
  const wanted = spec.maps.get(name);
  if (wanted === undefined) return undefined;
  if (map === undefined) return `no map ${name}`;
  const { type, keySize, flags, maxEntries } = map.info;
  const isSame = type === wanted.type && keySize === wanted.keySize && flags === wanted.flags;
  if (!isSame) return `${name} is a map of another kind`;
  if (maxEntries !== wanted.maxEntries) return `${name} has ${maxEntries} elements, not ${wanted.maxEntries}`;
  return recordDifference(name, map, spec);
}

function recordDifference(name: string, map: BpfMap, spec: ObjectSpec): string | undefined {
  const wanted = spec.maps.get(name);
  if (wanted === undefined) return undefined;
  if (map.info.valueSize !== wanted.valueSize) {
    return `${name} has records of ${map.info.valueSize} bytes, not ${wanted.valueSize}`;
  }
  const types = typesOf(map);
  const isSame = types === undefined || recordOf(map.info, types) === recordIn(wanted, spec);
  return isSame ? undefined : `${name} has other fields`;
}

const recordOf = ({ valueType }: Pick<MapSpec, "valueType">, btf: Btf): string => typeText(btf, valueType, DEEP);

function recordIn(map: MapSpec, { btf }: ObjectSpec): string | undefined {
  return btf && recordOf(map, parseBtf(btf));
}

/**
 * Exact counts can go on as estimates, and the rate of estimates can change: each packet has its weight. Estimates cannot go on as exact
 * counts, and connections that were chosen by chance cannot be mixed with others: nothing could be said of either then.
 */
function checkSample(present: SampleSettings | undefined, wanted: SampleSettings | undefined): void {
  const isPossible =
    wanted?.by === "packets"
      ? present?.by !== "flows"
      : present?.by === wanted?.by && (present === undefined || present.rate === wanted?.rate);
  if (isPossible) return;
  const text = (sample: SampleSettings | undefined) => (sample === undefined ? "everything" : sampleText(sample));
  throw new EngineError(
    "WEIR_OPTION",
    `what is counted of ${text(present)} cannot go on as counts of ${text(wanted)}\n` +
      "  One of n packets may become one of m, 1/1 being all of them. For anything else begin anew: weir detach, weir attach.",
  );
}
