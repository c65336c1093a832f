import { execFileSync } from "node:child_process";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { withConfig } from "@weir/bytecode";
import { struct, u64 } from "@weir/bytecode/layout";
import { compile, formatDiagnostics } from "@weir/compiler";
import {
  attachTracepoint,
  attachXdp,
  type BpfProgram,
  findInterface,
  KernelError,
  loadObject,
  PerCpuArrayMap,
  type XdpAttachment,
} from "@weir/kernel";
import { ownProgram } from "../../src/own-program.ts";

const SOURCE = fileURLToPath(new URL("receiving.bpf.ts", import.meta.url));
const Receiving = struct({ since: u64, nanoseconds: u64, frames: u64 });

const SENDER = "flows0";
const RECEIVER = "flows1";

const run = (name: string, ...words: readonly string[]): string => execFileSync(name, words, { encoding: "utf8" });

/** Frames that are sent as fast as can be. */
interface Burst {
  /** At the far end. */
  readonly program: BpfProgram;
  readonly data: Uint8Array;
  readonly count: number;
}

/**
 * A virtual cable in the network namespace of this process, which sends, and on the same CPU receives what it has sent, some frames at a time: so one
 * knows what receiving alone takes, and nobody waits for anybody.
 */
export class LiveCable implements Disposable {
  readonly #sender: BpfProgram;
  readonly #attachment: XdpAttachment;
  readonly #index: number;
  readonly #receiving: PerCpuArrayMap<typeof Receiving>;
  readonly #resources = new DisposableStack();

  /** @param sender what sends frames off that it is given */
  constructor(sender: BpfProgram) {
    this.#sender = sender;
    run("ip", "link", "add", SENDER, "type", "veth", "peer", "name", RECEIVER);
    this.#resources.defer(() => run("ip", "link", "delete", SENDER));
    for (const name of [SENDER, RECEIVER]) run("ip", "link", "set", name, "up");
    this.#index = findInterface(SENDER).index;
    // Until another one takes its place: an end without a program receives in another way.
    this.#attachment = this.#resources.use(attachXdp({ interface: RECEIVER, program: sender, mode: "drv" }));
    const { object: spec, diagnostics } = compile(SOURCE);
    if (spec === undefined) throw new Error(formatDiagnostics(diagnostics));
    const watching = this.#resources.use(loadObject(withConfig(spec, { process_id: process.pid })));
    for (const program of spec.programs.values()) {
      this.#resources.use(attachTracepoint(ownProgram(watching, program.name), program));
    }
    this.#receiving = PerCpuArrayMap.of(watching.map("RECEIVING"), { value: Receiving });
  }

  /** Nanoseconds that receiving a frame takes. */
  receive({ program, data, count }: Burst): number {
    this.#attachment.replace(program);
    for (;;) {
      const before = this.#read();
      try {
        this.#sender.sendLiveFrames({ data, count, interfaceIndex: this.#index });
      } catch (error) {
        // A signal ended it: once more.
        if (error instanceof KernelError && error.errno === constants.errno.EINTR) continue;
        throw error;
      }
      const after = this.#read();
      return (after.nanoseconds - before.nanoseconds) / (after.frames - before.frames);
    }
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }

  /** What was received on all CPUs. */
  #read(): { readonly frames: number; readonly nanoseconds: number } {
    const parts = this.#receiving.at(0);
    const sum = (numbers: readonly bigint[]) => Number(numbers.reduce((one, other) => one + other, 0n));
    return {
      frames: sum(parts.map(({ frames }) => frames)),
      nanoseconds: sum(parts.map(({ nanoseconds }) => nanoseconds)),
    };
  }
}
