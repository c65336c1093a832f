import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { RealCapture } from "./real-capture.ts";

/** What others found in one frame of a real capture. */
export interface FrameTruth {
  /** Bytes in the file. */
  readonly length: number;
  /** Bytes on the wire, as the file says. */
  readonly originalLength: number;
  /** `arp`, `llc_8023`, `ipv4`, `ipv6`, `ethertype:0x…`, or what broke off or contradicts itself, like `ipv4_truncated`. */
  readonly class: string;
  readonly vlanTags: number;
  /** The IP protocol, where one was found. */
  readonly protocol: number | undefined;
  /** The name of its connection, as in `Truth`. */
  readonly connection: string | undefined;
  /** Like `ipv4_frag_first` or `tcp_truncated`. */
  readonly flags: readonly string[];
}

/** What is known of each frame of a capture, in the order of the file. */
export function frameTruths({ framesPath }: RealCapture): FrameTruth[] {
  const [, ...lines] = gunzipSync(readFileSync(framesPath)).toString().trimEnd().split("\n");
  return lines.map((line) => frameOf(line.split("\t")));
}

/** Columns: number, two lengths, class, VLAN tags, outer VLAN, then the connection's name in six, flags. `-` is nothing. */
function frameOf(columns: readonly string[]): FrameTruth {
  const [, length, originalLength, kind = "", vlanTags, , protocol] = columns;
  const name = columns.slice(6, 12);
  const flags = columns[12] ?? "-";
  return {
    length: Number(length),
    originalLength: Number(originalLength),
    class: kind,
    vlanTags: Number(vlanTags),
    protocol: protocol === "-" ? undefined : Number(protocol),
    connection: name[5] === "-" ? undefined : name.join(" "),
    flags: flags === "-" ? [] : flags.split(","),
  };
}
