import { cpus, release } from "node:os";
import type { NetworkInterface } from "@weir/kernel";
import { interfaceDescription, interfaceStatistics, sectionHeader } from "../captures/pcapng-blocks.ts";
import type { CaptureStatistics } from "../live-capture.ts";
import type { AttachedMode } from "../mode.ts";
import type { CaptureSettings } from "./settings.ts";

/** What the blocks around the packets say. */
export interface Subject {
  readonly target: NetworkInterface;
  readonly mode: AttachedMode;
  readonly settings: CaptureSettings;
  /** Nanoseconds since 1970. */
  readonly started: bigint;
  readonly application: string;
}

/** The blocks that a capture begins with. pcapng has no option for an MTU, so it is in the comment. */
export function headBlocks({ target, mode, settings, application }: Subject): Uint8Array {
  const system = `Linux ${release()}`;
  const about = [`MTU ${target.mtu}`, `XDP mode ${mode}`, ...(settings.selection === "" ? [] : [settings.selection])];
  return Buffer.concat([
    sectionHeader({ hardware: cpus()[0]?.model ?? process.arch, system, application }),
    interfaceDescription({
      name: target.name,
      hardwareAddress: Buffer.from(target.hardwareAddress?.replaceAll(":", "") ?? "", "hex"),
      snapLength: settings.snapLength,
      system,
      comment: about.join("; "),
    }),
  ]);
}

/** The block that a capture ends with. */
export function statisticsBlock({ started }: Subject, statistics: CaptureStatistics, ended: bigint): Uint8Array {
  return interfaceStatistics({
    time: ended,
    started,
    ended,
    received: statistics.seen,
    accepted: statistics.seen - statistics.otherVerdict - statistics.sampledOut - statistics.pastCount,
    dropped: statistics.lost,
    delivered: statistics.written,
    comment: lossText(statistics),
  });
}

function lossText({ lost, unwritten, cpus: parts }: CaptureStatistics): string {
  if (lost === 0n) return "no packet was lost";
  const byCpu = parts.flatMap(({ cpu, ringFull, noRing, uncopied }) => {
    const sum = ringFull + noRing + uncopied;
    return sum === 0n ? [] : [`CPU ${cpu}: ${sum}`];
  });
  const causes = [...byCpu, ...(unwritten === 0n ? [] : [`not written: ${unwritten}`])];
  return `packets lost: ${causes.join(", ")}`;
}
