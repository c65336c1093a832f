import { fileURLToPath } from "node:url";
import { type ObjectSpec, withConfig } from "@weir/bytecode";
import { be16, struct, u16 } from "@weir/bytecode/layout";
import { compile } from "@weir/compiler";
import { ArrayMap } from "@weir/kernel";
import { ethernet } from "@weir/testing";
import { LoadedMonitor, type TestSampling } from "./loaded-monitor.ts";
import { randomNumbers } from "./random-frames.ts";

const SOURCE = fileURLToPath(new URL("kernel-programs/scheduled-traffic.bpf.ts", import.meta.url));
const PLACES = 65_536;
const FIRST_PORT = 1024;

/** Frames that come one after the other, all of one length. */
export interface Burst {
  readonly length: number;
  readonly count: number;
}

/** What a flow of the traffic has. */
export interface FlowTruth {
  readonly packets: number;
  readonly bytes: number;
  /** The sum of the squares of its frames' lengths. */
  readonly squares: number;
}

/** Packets of UDP flows in random order, whose sizes follow Zipf's law. */
export class ZipfTraffic {
  /** Flow by place. */
  readonly #schedule = new Uint16Array(PLACES);
  readonly #flows: number;
  readonly #bursts: readonly Burst[];
  readonly #object = compiled();

  constructor(flows: number, bursts: readonly Burst[]) {
    this.#flows = flows;
    this.#bursts = bursts;
    const random = randomNumbers(0x21bf);
    const harmonic = Array.from({ length: flows }, (_, flow) => 1 / (flow + 1)).reduce((sum, part) => sum + part, 0);
    let [place, share] = [0, 0];
    for (let flow = 0; flow < flows; flow++) {
      share += 1 / (flow + 1) / harmonic;
      while (place < Math.round(share * PLACES)) this.#schedule[place++] = flow;
    }
    for (let last = PLACES - 1; last > 0; last--) {
      const other = random(last + 1);
      const flow = this.#schedule[last] ?? 0;
      this.#schedule[last] = this.#schedule[other] ?? 0;
      this.#schedule[other] = flow;
    }
  }

  /** What each flow has, by its name in `LoadedMonitor.rows`; the largest first. */
  truth(): Map<string, FlowTruth> {
    const flows = Array.from({ length: this.#flows }, () => ({ packets: 0, bytes: 0, squares: 0 }));
    let at = 0;
    for (const { length, count } of this.#bursts) {
      for (const end = at + count; at < end; at++) {
        const flow = flows[this.#schedule[at % PLACES] ?? 0];
        if (flow === undefined) throw new RangeError("the schedule names flows that there are");
        flow.packets++;
        flow.bytes += length;
        flow.squares += length ** 2;
      }
    }
    const name = (flow: number) => `4 ${0xc000_0201} ${0xc633_6414} ${FIRST_PORT + flow} 53 17 1`;
    const named = flows.map((truth, flow) => [name(flow), truth] as const);
    return new Map(named.filter(([, { packets }]) => packets > 0).sort(([, a], [, b]) => b.packets - a.packets));
  }

  /** A monitor that samples packets and that `send` gives the traffic to. */
  monitor(settings: Readonly<Record<string, number | bigint>>, slots: number, sampling: TestSampling): LoadedMonitor {
    const loaded = new LoadedMonitor(withConfig(this.#object, settings), slots, sampling);
    const schedule = ArrayMap.of(loaded.map("SCHEDULE"), { value: struct({ sourcePort: be16, reserved: u16 }) });
    using memory = schedule.memory({ writable: true });
    for (const [place, flow] of this.#schedule.entries()) {
      memory.view.setUint16(place * memory.stride, FIRST_PORT + flow);
    }
    return loaded;
  }

  send(monitor: LoadedMonitor): void {
    for (const { length, count } of this.#bursts) {
      const data = ethernet()
        .ipv4({ source: "192.0.2.1", destination: "198.51.100.20" })
        .udp({ destinationPort: 53 })
        .paddedTo(length);
      monitor.program.testRun({ data, repeat: count });
    }
  }
}

function compiled(): ObjectSpec {
  const { object, diagnostics } = compile(SOURCE, { fixed: { sampling: 1n, steering: 0n } });
  if (object === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return object;
}
