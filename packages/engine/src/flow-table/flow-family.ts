import type { StructLayout } from "@weir/bytecode/layout";
import { XdpConn6Stats, XdpConnStats } from "@weir/programs";
import { ipv4Text, ipv6Text } from "../text/address.ts";

/** Where the parts of a flow slot lie, in 32-bit words. */
export interface FlowFamily {
  /** The map with the slots of this IP version. */
  readonly map: "XDP_CONN_STATS" | "XDP_CONN6_STATS";
  /** The map beside it for samples of packets. */
  readonly samples: "XDP_SAMPLES" | "XDP_SAMPLES6";
  /** The counter of its slots that are taken. */
  readonly slots: "ipv4_slots" | "ipv6_slots";
  readonly layout: StructLayout;
  /** Bytes of a slot. */
  readonly size: number;
  /** The first word of the key; the key goes to the end of the slot. */
  readonly keyStart: number;
  readonly keyWords: number;
  /** The lower words of the counts. */
  readonly packets: number;
  readonly bytes: number;
  readonly lastSeen: number;
  readonly drops: number;
  /** Words from the start of the key: two ports; protocol and kind. */
  readonly ports: number;
  readonly protocol: number;
  source(keys: Uint32Array, key: number): string;
  destination(keys: Uint32Array, key: number): string;
}

type Places = Omit<FlowFamily, "map" | "samples" | "slots" | "source" | "destination">;

function places(layout: StructLayout, firstOfKey: string): Places {
  const offset = (name: string): number => {
    const field = layout.fields.find((candidate) => candidate.name === name);
    if (field === undefined) throw new Error(`a flow slot has no field ${name}`);
    return field.offset;
  };
  const keyStart = offset(firstOfKey) / 4;
  return {
    layout,
    size: layout.size,
    keyStart,
    keyWords: layout.size / 4 - keyStart,
    packets: offset("packet_count") / 4,
    bytes: offset("byte_count") / 4,
    lastSeen: offset("last_seen_ns") / 4,
    drops: offset("drop_count") / 4,
    ports: offset("sourcePort") / 4 - keyStart,
    protocol: offset("protocol") / 4 - keyStart,
  };
}

/** A word of a key; the index is always inside, which the type checker cannot know. */
function word(keys: Uint32Array, index: number): number {
  return keys[index] ?? 0;
}

function ipv6At(keys: Uint32Array, at: number): string {
  return ipv6Text(word(keys, at), word(keys, at + 1), word(keys, at + 2), word(keys, at + 3));
}

export const IPV4_FLOWS: FlowFamily = {
  map: "XDP_CONN_STATS",
  samples: "XDP_SAMPLES",
  slots: "ipv4_slots",
  ...places(XdpConnStats, "source"),
  source: (keys, key) => ipv4Text(word(keys, key)),
  destination: (keys, key) => ipv4Text(word(keys, key + 1)),
};

export const IPV6_FLOWS: FlowFamily = {
  map: "XDP_CONN6_STATS",
  samples: "XDP_SAMPLES6",
  slots: "ipv6_slots",
  ...places(XdpConn6Stats, "sourceHigh"),
  source: ipv6At,
  destination: (keys, key) => ipv6At(keys, key + 4),
};
