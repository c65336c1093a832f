import type { ProgramSpec } from "@weir/bytecode";
import { FIRST_BUFFER, type Input, type Redirect } from "@weir/bytecode/machine";
import { Packet } from "./packet/packet.ts";
import type { TestPlace } from "./places/place.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

/** What a run of a program gave. */
export interface TestRun {
  /** What becomes of the packet; undefined for programs that decide nothing, and where the result is no verdict. */
  readonly verdict: Verdict | "next" | undefined;
  /** The number that the program returned, with its sign. */
  readonly result: number;
  /** The packet as the program left it. */
  readonly packet: Uint8Array;
  /** What the program left before the packet. */
  readonly metadata: Uint8Array;
  /** Where it is redirected to, if the machine ran it; the kernel does not tell. */
  readonly redirect: Redirect | undefined;
}

/** The kernel takes no shorter frame. */
const SHORTEST = 14;

/** A program of the object under test. */
export class ProgramUnderTest {
  readonly spec: ProgramSpec;
  readonly #place: TestPlace;

  constructor(spec: ProgramSpec, place: TestPlace) {
    this.spec = spec;
    this.#place = place;
  }

  /**
   * Runs the program on a packet.
   *
   * @param packet 14 bytes at least; at most 3520 unless the program takes frags
   * @param around how it came in: metadata, interface and queue. In the kernel the interface has to exist.
   * @throws {MachineError} when the program does what the verifier would have refused
   */
  run(packet: Packet | Uint8Array, around: Omit<Input, "packet"> = {}): TestRun {
    const bytes = packet instanceof Packet ? packet.toBytes() : packet;
    const { frags, name } = this.spec;
    if (bytes.length < SHORTEST || (!frags && bytes.length > FIRST_BUFFER)) {
      const most = frags ? "" : `, and at most ${FIRST_BUFFER}, since "${name}" takes no frags`;
      throw new RangeError(`a packet has at least ${SHORTEST} bytes${most}; this one has ${bytes.length}`);
    }
    return this.call({ ...around, packet: bytes });
  }

  /**
   * Runs a program that is given something else than a packet, such as a tracepoint's.
   *
   * @example
   * ```ts
   * using object = await loadForTest("delays.bpf.ts");
   * object.program("on_enqueue").call({ arguments: [0n, 3n, 8n] });
   * ```
   */
  call(input: Input): TestRun {
    const outcome = this.#place.run(this.spec, input);
    return { verdict: verdictOf(this.spec.type, outcome.result), ...outcome };
  }
}
