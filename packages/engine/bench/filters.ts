/**
 * weir's rules beside other filters. By test run on one CPU: nanoseconds that rules which do not match add to the monitor, and what xdp-filter takes over
 * a program that does nothing. On live frames over a virtual cable, which receives them on the CPU that sends: nanoseconds of a frame that a filter
 * drops, by weir's rules and by nftables at ingress, with as many rules before that do not match. All take turns.
 *
 * `npm run bench:filters`, as root, with xdp-filter and nft. The network is one of its own, which goes with the process.
 */
import { execFileSync } from "node:child_process";
import { constants } from "node:os";
import { alu, callHelper, exit, helperNumber, type Instruction, type ObjectSpec } from "@weir/bytecode";
import { ArrayMap, attachXdp, BpfProgram, findInterface, KernelError, loadObject } from "@weir/kernel";
import { stayOnOneCpu } from "@weir/laboratory";
import { monitorObject, RULE_DROP, RULE_PASS, RuleAction } from "@weir/programs";
import { ethernet } from "@weir/testing";
import { Comparison, heading, runner, runnerOf } from "../../programs/bench/interleaved.ts";
import { filterSpec, PROGRAM, sized } from "./filter-spec.ts";

const FRAMES = 2_000_000;
const ROUNDS = 7;
const SENDER = "v0";
const RECEIVER = "v1";
const FRAME = ethernet().ipv4().tcp({ destinationPort: 80 }).paddedTo(60);

/** The same rule in both languages. */
interface BothRule {
  readonly weir: string;
  readonly nft: string;
}

const SIMPLE: readonly BothRule[] = [
  { weir: "udp and dst port 53 and not src net 10.0.0.0/8", nft: "ip saddr != 10.0.0.0/8 udp dport 53" },
  { weir: "src net 198.18.0.0/24", nft: "ip saddr 198.18.0.0/24" },
  { weir: "tcp dst port 23", nft: "tcp dport 23" },
  { weir: "icmp and src host 198.18.4.4", nft: "ip protocol icmp ip saddr 198.18.4.4" },
  { weir: "src host 198.18.7.7 and tcp dst port 22", nft: "ip saddr 198.18.7.7 tcp dport 22" },
];

/** Of four kinds, in turn. */
function someRules(count: number): readonly BothRule[] {
  return Array.from({ length: count }, (_, index) => {
    const address = `198.18.${index >> 8}.${index & 255}`;
    const port = 10_000 + index;
    const kinds: readonly BothRule[] = [
      { weir: `src host ${address}`, nft: `ip saddr ${address}` },
      { weir: `tcp dst port ${port}`, nft: `tcp dport ${port}` },
      { weir: `src net ${address}/32 and udp dst port ${port}`, nft: `ip saddr ${address} udp dport ${port}` },
      { weir: `tcp dst port ${port} and src net 198.19.0.0/16`, nft: `ip saddr 198.19.0.0/16 tcp dport ${port}` },
    ];
    return kinds[index % kinds.length] ?? SIMPLE[0] ?? { weir: "", nft: "" };
  });
}

const filtering = (rules: readonly BothRule[], defaultAction = RULE_PASS): ObjectSpec =>
  filterSpec(
    rules.map(({ weir }) => weir),
    { defaultAction },
  );

/** An object with a program of a few instructions. */
function small(...instructions: readonly Instruction[]): ObjectSpec {
  const program = { name: "small", section: "xdp", type: "xdp" as const, frags: false, instructions };
  const programs = new Map([["small", { ...program, references: [], functions: [], lines: [] }]]);
  return { license: "Dual MIT/GPL", maps: new Map(), programs, configs: new Map(), btf: undefined };
}

const run = (name: string, ...words: readonly string[]): string =>
  execFileSync(name, words, { encoding: "utf8", env: { ...process.env, LIBXDP_SKIP_DISPATCHER: "1" } });

/** xdp-filter's program, asked about as many addresses and ports as the simple rules have. */
function xdpFilter(objects: DisposableStack): BpfProgram {
  run("xdp-filter", "load", RECEIVER, "--mode", "skb");
  objects.defer(() => run("xdp-filter", "unload", RECEIVER));
  for (const address of ["198.18.0.1", "198.18.4.4", "198.18.7.7"]) run("xdp-filter", "ip", address, "--mode", "src");
  for (const port of ["53", "23"]) run("xdp-filter", "port", port, "--mode", "dst");
  const [{ xdp }] = JSON.parse(run("ip", "-json", "link", "show", "dev", RECEIVER));
  return objects.use(BpfProgram.byId(xdp.prog.id));
}

/** Median of rounds. */
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

function compareTestRuns(): void {
  using objects = new DisposableStack();
  const programs = {
    nothing: runner(small(alu("mov", 64, 0, 2), exit()), "small", objects),
    "xdp-filter": runnerOf(xdpFilter(objects)),
    monitor: runner(sized(monitorObject()), PROGRAM, objects),
    "5 rules": runner(filtering(SIMPLE), PROGRAM, objects),
    "100 rules": runner(filtering(someRules(100)), PROGRAM, objects),
  };
  const times = new Comparison(programs, FRAME);
  const over = [
    `xdp-filter ${times.beyond("xdp-filter", "nothing")} over nothing`,
    `monitor ${times.beyond("monitor", "nothing")} over nothing`,
    `5 rules ${times.beyond("5 rules", "monitor")} over the monitor`,
    `100 rules ${times.beyond("100 rules", "monitor")}`,
  ];
  process.stdout.write(`${[heading(), ...times.lines(), `  ns: ${over.join("; ")}`].join("\n")}\n\n`);
}

/** Something that drops all frames that a cable brings, until it is disposed of. */
type Dropper = () => Disposable;

const dropping =
  (spec: ObjectSpec, program: string): Dropper =>
  () => {
    using stack = new DisposableStack();
    const object = stack.use(loadObject(spec));
    const found = object.program(program);
    if (found.kind === "not found") throw new Error(`no program ${program}`);
    if (spec.maps.has("RULES")) {
      using table = stack.use(ArrayMap.of(object.map("RULES"), { value: RuleAction }));
      for (let index = 0; index < table.map.info.maxEntries; index++)
        table.set(index, { slot: index + 1, action: RULE_DROP });
    }
    stack.use(attachXdp({ interface: RECEIVER, program: found.program, mode: "drv" }));
    return stack.move();
  };

const nftables =
  (rules: readonly BothRule[]): Dropper =>
  () => {
    const lines = rules.map(({ nft }) => `${nft} drop`);
    const chain = `type filter hook ingress device "${RECEIVER}" priority 0; policy drop;`;
    execFileSync("nft", ["-f", "-"], {
      input: `table netdev filter {\nchain in {\n${chain}\n${lines.join("\n")}\n}\n}\n`,
    });
    return { [Symbol.dispose]: () => void run("nft", "delete", "table", "netdev", "filter") };
  };

/** Nanoseconds of CPU that a frame takes, sent and dropped. */
function costOfFrame(sender: BpfProgram, index: number): number {
  for (;;) {
    const before = process.threadCpuUsage();
    try {
      sender.sendLiveFrames({ data: FRAME, count: FRAMES, interfaceIndex: index });
    } catch (error) {
      // A signal ended it, such as that of a command that has ended: once more.
      if (error instanceof KernelError && error.errno === constants.errno.EINTR) continue;
      throw error;
    }
    const { user, system } = process.threadCpuUsage(before);
    return ((user + system) * 1000) / FRAMES;
  }
}

function compareLive(): void {
  const { index } = findInterface(SENDER);
  using sender = loadObject(
    small(alu("mov", 64, 1, index), alu("mov", 64, 2, 0), callHelper(helperNumber("bpf_redirect")), exit()),
  );
  const found = sender.program("small");
  if (found.kind === "not found") throw new Error("no program small");
  const droppers: Readonly<Record<string, Dropper>> = {
    "XDP_DROP alone": dropping(small(alu("mov", 64, 0, 1), exit()), "small"),
    "weir, 0 rules": dropping(filtering([], RULE_DROP), PROGRAM),
    "weir, 5 rules": dropping(filtering(SIMPLE, RULE_DROP), PROGRAM),
    "weir, 100 rules": dropping(filtering(someRules(100), RULE_DROP), PROGRAM),
    "nft, 0 rules": nftables([]),
    "nft, 5 rules": nftables(SIMPLE),
    "nft, 100 rules": nftables(someRules(100)),
  };
  const times = new Map<string, number[]>(Object.keys(droppers).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, drop] of Object.entries(droppers)) {
      using _dropper = drop();
      times.get(name)?.push(costOfFrame(found.program, index));
    }
  }
  const alone = median(times.get("XDP_DROP alone") ?? []);
  const lines = [...times].map(([name, values]) => {
    const middle = median(values);
    return `  ${name.padEnd(15)} ${middle.toFixed(1)} ns, ${(middle - alone).toFixed(1)} over XDP_DROP alone: ${values.map((one) => one.toFixed(1)).join(" ")}`;
  });
  process.stdout.write(
    `live frames, sent and received on one CPU, ${ROUNDS} rounds of ${FRAMES}\n${lines.join("\n")}\n`,
  );
}

stayOnOneCpu();
run("ip", "link", "add", SENDER, "type", "veth", "peer", "name", RECEIVER);
for (const name of [SENDER, RECEIVER]) run("ip", "link", "set", name, "up");
// Without a program of its own a virtual cable takes redirected frames only where it gathers packets.
run("ethtool", "-K", RECEIVER, "gro", "on");
compareTestRuns();
compareLive();
