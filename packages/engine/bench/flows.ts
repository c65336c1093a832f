/**
 * What it costs to count connections: by weir, by its twin in C, by the tables that it had before, by monitors in C as textbooks have them, and by the twin without connections, over a
 * program that does nothing; row by row beside the targets. All take turns, and weir is loaded a second time for the noise. By test run on one CPU; live
 * frames over a virtual cable, by the CPU time of a thread that does nothing but receive, and drops them.
 *
 * `npm run bench`, as root, with clang. The network is one of its own, which goes with the process. Words choose rows by parts of their names.
 */
import { stayOnOneCpu } from "@weir/laboratory";
import { ethernet, type Packet } from "@weir/testing";
import { Comparison, heading } from "../../programs/bench/interleaved.ts";
import { CONTENDERS, type Contender, loadContenders } from "./flow-table/contenders.ts";
import { type Delivery, flood, live, same, scheduled } from "./flow-table/delivery.ts";
import { Schedule } from "./flow-table/schedule.ts";

/** The default. */
const FEW = 10_240;
/** For 100,000 flows. */
const MANY = 131_072;
const DROP = 1;

const TO_WEB = { destinationPort: 80 };
const IPV4 = ethernet().ipv4().tcp(TO_WEB);
const IPV6 = ethernet().ipv6().tcp(TO_WEB);
const VLAN = ethernet().vlan(5).ipv4().tcp(TO_WEB);
const OPTIONS = ethernet().ipv4({ options: 8 }).tcp(TO_WEB);

/** Traffic that is measured. */
interface Row {
  readonly name: string;
  readonly packet: Packet;
  /** Connections that tables are made for. */
  readonly connections: number;
  readonly target?: Target;
  /** Frames are received and dropped; what is compared is how many a CPU can receive in a second. */
  readonly isLive?: true;
  deliver(objects: DisposableStack): Delivery;
}

/** At most so many times what the null program takes. It is set for machines where that is so many nanoseconds, and these differ more than what a monitor adds. */
interface Target {
  readonly times: number;
  readonly nanoseconds: number;
}

/** Where the null program took 27.3 ns; with the program that makes many flows in front of it 32; and where a CPU received 11.7 million frames a second. */
const oneFlow = (times: number): Target => ({ times, nanoseconds: 27.3 });
const manyFlows = (times: number): Target => ({ times, nanoseconds: 32 });
const ofRate = (part: number): Target => ({ times: 1 / part, nanoseconds: 1000 / 11.7 });

const uniform = (flows: number) => (objects: DisposableStack) => scheduled(Schedule.uniform(flows), objects);
const zipf = (flows: number, version?: 4 | 6) => (objects: DisposableStack) =>
  scheduled(Schedule.zipf(flows), objects, version);

const ROWS: readonly Row[] = [
  { name: "one TCP/IPv4 flow", packet: IPV4, connections: FEW, target: oneFlow(1.35), deliver: () => same },
  { name: "one TCP/IPv6 flow", packet: IPV6, connections: FEW, target: oneFlow(1.5), deliver: () => same },
  { name: "one VLAN tag", packet: VLAN, connections: FEW, target: oneFlow(1.5), deliver: () => same },
  { name: "IPv4 options", packet: OPTIONS, connections: FEW, target: oneFlow(1.5), deliver: () => same },
  { name: "10,000 flows, uniform", packet: IPV4, connections: FEW, target: manyFlows(1.5), deliver: uniform(10_000) },
  { name: "100,000 flows, Zipf", packet: IPV4, connections: MANY, target: manyFlows(1.8), deliver: zipf(100_000) },
  {
    name: "100,000 flows, uniform",
    packet: IPV4,
    connections: MANY,
    target: manyFlows(2.8),
    deliver: uniform(100_000),
  },
  { name: "100,000 IPv6 flows, Zipf", packet: IPV6, connections: MANY, deliver: zipf(100_000, 6) },
  {
    name: "flood of random sources, table full",
    packet: IPV4,
    connections: FEW,
    target: manyFlows(3),
    deliver: (objects) => flood(FEW, objects),
  },
  {
    name: "live, 1,000 flows",
    packet: IPV4,
    connections: FEW,
    target: ofRate(0.85),
    isLive: true,
    deliver: (objects) => live(Schedule.uniform(1000), objects),
  },
  {
    name: "live, 100,000 flows, Zipf",
    packet: IPV4,
    connections: MANY,
    isLive: true,
    deliver: (objects) => live(Schedule.zipf(100_000), objects),
  },
];

const word = (holds: boolean): string => (holds ? "holds" : "missed");

/** Prints all runs of a row, and gives its line of the table. */
function measure({ name, packet, connections, target, isLive, deliver }: Row): string {
  using objects = new DisposableStack();
  const contenders = Object.entries<Contender>(loadContenders({ connections, verdict: isLive && DROP }, objects));
  const delivery = deliver(objects);
  const runners = contenders.map(([each, contender]) => [each, delivery.to(contender)] as const);
  const times = new Comparison(Object.fromEntries(runners), packet.paddedTo(60));
  const inexact = contenders.map(([each, contender]) => [each, delivery.inexact?.(contender)] as const);
  const known = inexact.flatMap(([each, count]) =>
    count === undefined ? [] : `  known flows not exact, ${each}: ${count}`,
  );
  process.stdout.write(`${[name, ...times.lines(), ...known].join("\n")}\n\n`);

  const ratio = (each: string) => Number(isLive ? times.ratio("null", each) : times.ratio(each, "null")).toFixed(2);
  const cell = (each: string): string => {
    const time = times.median(each);
    const figures = isLive ? `${time.toFixed(1)} (${(1000 / time).toFixed(1)} Mpps)` : time.toFixed(1);
    return each === "null" ? figures : `${figures}, +${times.beyond(each, "null")}, ×${ratio(each)}`;
  };
  const outcome = (): string => {
    if (target === undefined) return "";
    const { times: most, nanoseconds } = target;
    const over = (most - 1) * nanoseconds;
    const isExact = inexact.every(([each, count]) => each !== "weir" || !count);
    const holds = [Number(times.ratio("weir", "null")) <= most, Number(times.beyond("weir", "null")) <= over];
    const [byRatio, byNanoseconds] = holds.map((each) => word(each && isExact));
    return `×${(isLive ? 1 / most : most).toFixed(2)} ${byRatio}; +${over.toFixed(1)} ${byNanoseconds}`;
  };
  return `| ${[name, outcome(), ...contenders.map(([each]) => cell(each))].join(" | ")} |`;
}

const chosen = process.argv.slice(2);
const rows = ROWS.filter(({ name }) => chosen.length === 0 || chosen.some((part) => name.includes(part)));
stayOnOneCpu();
process.stdout.write(`${heading()}\n\n`);
const lines = rows.map(measure);
const columns = ["traffic", "target", ...CONTENDERS];
process.stdout.write(
  [
    "ns a packet, ns over the null program, and how many times what that takes; of live frames the part of its rate",
    `| ${columns.join(" | ")} |`,
    `| ${columns.map(() => "---").join(" | ")} |`,
    ...lines,
    "",
  ].join("\n"),
);
