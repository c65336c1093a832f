import { randomInt } from "node:crypto";
import { fileURLToPath } from "node:url";
import { type ObjectSpec, withConfig, withMapSizes } from "@weir/bytecode";
import { struct, u32 } from "@weir/bytecode/layout";
import { compile, formatDiagnostics } from "@weir/compiler";
import { ArrayMap, type BpfProgram, type LoadedObject, loadObject, ProgramArray } from "@weir/kernel";
import { ownProgram } from "../../src/own-program.ts";
import type { PartName, Schedule } from "./schedule.ts";

const SOURCE = fileURLToPath(new URL("traffic.bpf.ts", import.meta.url));
/** 198.51.100.20, as a word of a frame. */
const DESTINATION = 0x1464_33c6;

const Flow = struct({ source: u32, ports: u32 });
const Cursor = struct({ next: u32, first: u32, end: u32, shift: u32, growth: u32, destination: u32 });

/** Whom the packets of a source are for. */
interface SourceOptions {
  /** Without it, frames are sent off. */
  readonly program?: BpfProgram;
  /** Whether that program takes frames in several buffers: both have to. */
  readonly frags?: boolean;
}

/** A schedule in the kernel, where several programs get their packets from. */
export class Traffic implements Disposable {
  readonly schedule: Schedule;
  readonly #object: LoadedObject;
  readonly #resources = new DisposableStack();

  constructor(schedule: Schedule, version: 4 | 6 = 4) {
    this.schedule = schedule;
    const spec = withConfig(compiled(), { ipv6: version === 6 ? 1 : 0 });
    this.#object = this.#resources.use(loadObject(withMapSizes(spec, { SCHEDULE: schedule.length })));
    using memory = ArrayMap.of(this.#object.map("SCHEDULE"), { value: Flow }).memory({ writable: true });
    new Uint32Array(memory.buffer, 0, schedule.words.length).set(schedule.words);
  }

  /** One more who goes through the schedule, at a pace of its own. */
  source({ program, frags = false }: SourceOptions = {}): TrafficSource {
    const maps = new Map([["SCHEDULE", this.#object.map("SCHEDULE")]]);
    const object = this.#resources.use(loadObject(this.#object.spec, { maps }));
    if (program !== undefined) ProgramArray.of(object.map("MEASURED")).set(0, program);
    return new TrafficSource(object, frags, this.schedule);
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }
}

/** Makes each frame that it is given one of the next flow, beginning with those that are known. */
class TrafficSource {
  readonly program: BpfProgram;
  readonly #schedule: Schedule;
  readonly #cursor: ArrayMap<typeof Cursor>;

  constructor(object: LoadedObject, frags: boolean, schedule: Schedule) {
    this.program = ownProgram(object, "next_flow", { frags });
    this.#schedule = schedule;
    this.#cursor = ArrayMap.of(object.map("CURSOR"), { value: Cursor });
    this.begin("known");
  }

  /** Goes through a part of the schedule, from its beginning on. */
  begin(name: PartName): void {
    const { first, end, growth } = this.#schedule.parts[name];
    const shift = growth === 0 ? 0 : randomInt(2 ** 32);
    this.#cursor.set(0, { next: first, first, end, shift, growth, destination: DESTINATION });
  }
}

function compiled(): ObjectSpec {
  const { object, diagnostics } = compile(SOURCE);
  if (object === undefined) throw new Error(formatDiagnostics(diagnostics));
  return object;
}
