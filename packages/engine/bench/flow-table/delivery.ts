import { type Runner, runnerOf } from "../../../programs/bench/interleaved.ts";
import type { Contender } from "./contenders.ts";
import { LiveCable } from "./live-cable.ts";
import { Schedule } from "./schedule.ts";
import { Traffic } from "./traffic.ts";

/** Packets in front of those that are measured: what other programs have put out of the caches comes back. */
const WARM_UP = 200_000;
const LIVE_FRAMES = 500_000;
const PASS = 2;

/** How packets come to the programs that are measured. */
export interface Delivery {
  to(contender: Contender): Runner;
  /** Of flows that were known before others came: how many a contender has not counted exactly; undefined where nobody reads what it has counted. */
  inexact?(contender: Contender): number | undefined;
}

/** The same packet again and again. */
export const same: Delivery = { to: ({ program }) => runnerOf(program) };

/** Packets of many flows. */
export function scheduled(schedule: Schedule, objects: DisposableStack, version?: 4 | 6): Delivery {
  const traffic = objects.use(new Traffic(schedule, version));
  return {
    to(contender) {
      const { program } = traffic.source(contender);
      const timed = runnerOf(program);
      return (data) => {
        const { verdict } = program.testRun({ data, repeat: WARM_UP });
        if (verdict !== PASS) throw new Error("the packets did not come to the program that is measured");
        return timed(data);
      };
    },
  };
}

/** Each time one packet of every known flow, which nobody times, and then packets that each have another source. */
export function flood(known: number, objects: DisposableStack): Delivery {
  const traffic = objects.use(new Traffic(Schedule.flood(known)));
  const sent = new Map<Contender, bigint>();
  return {
    to(contender) {
      const source = traffic.source(contender);
      const timed = runnerOf(source.program);
      return (data) => {
        source.begin("known");
        source.program.testRun({ data, repeat: known });
        sent.set(contender, (sent.get(contender) ?? 0n) + 1n);
        source.begin("unknown");
        return timed(data);
      };
    },
    inexact(contender) {
      const packets = contender.packets?.();
      if (packets === undefined) return undefined;
      const expected = sent.get(contender);
      return traffic.schedule.names("known").filter((name) => packets.get(name) !== expected).length;
    },
  };
}

/** Live frames of many flows. */
export function live(schedule: Schedule, objects: DisposableStack): Delivery {
  const traffic = objects.use(new Traffic(schedule));
  const cable = objects.use(new LiveCable(traffic.source().program));
  return {
    to: ({ program }) => {
      return (data) => {
        cable.receive({ program, data, count: WARM_UP });
        return cable.receive({ program, data, count: LIVE_FRAMES });
      };
    },
  };
}
