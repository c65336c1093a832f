import { ADDRESS_ONLY, SERVICE_PROBES, ServiceEntry, SLOT_FREE, SLOT_LEFT } from "@weir/programs";
import { EngineError } from "../../errors.ts";
import type { IpAddress } from "./ip-address.ts";

/** As in `service-table.bpf.ts`, which computes the same hash. */
const FACTOR_HIGH = 0x8648_dbdb_64f2_a2b1n;
const FACTOR_LOW = 0x9e37_79b9_7f4a_7c15n;
const FACTOR_ENDS = 0xd6e8_feb8_6659_fd93n;

const STRIDE = ServiceEntry.size;
const PROTOCOLS = { tcp: 6, udp: 17 } as const;

/** What is looked for in the table. */
export interface ServiceKey {
  readonly address: IpAddress;
  readonly ends: number;
}

/** Port and protocol as the kernel program compares them. */
export function serviceEnds(protocol: "tcp" | "udp", port: number | "all"): number {
  const number = port === "all" ? 0 : port;
  return (PROTOCOLS[protocol] << 16) | ((number & 0xff) << 8) | (number >> 8);
}

/** Ends of an entry that only says that its address is one of a service's. */
export const ADDRESS_ENDS = ADDRESS_ONLY;

/** What an entry says. */
export interface ServiceSlot {
  readonly service: number;
  readonly drops: boolean;
}

/**
 * Map `SERVICES`, as user space writes it while the program searches it: an entry is seen whole or not at all, because the
 * word that it is recognised by is written last.
 */
export class ServiceSlots {
  readonly #view: DataView;
  readonly #ends: Uint32Array;
  readonly #slots: number;

  constructor(memory: ArrayBuffer) {
    this.#view = new DataView(memory);
    this.#ends = new Uint32Array(memory);
    this.#slots = memory.byteLength / STRIDE - SERVICE_PROBES;
  }

  /** Adds a service, or changes what the entry of one says. @throws {EngineError} when there is no room near its place */
  set(key: ServiceKey, { service, drops }: ServiceSlot): void {
    const known = this.#find(key);
    const slot = known ?? this.#room(key);
    const at = slot * STRIDE;
    // Service and drops share a word with nothing else, and are written at once.
    if (known === undefined) {
      this.#view.setBigUint64(at, key.address.high, true);
      this.#view.setBigUint64(at + 8, key.address.low, true);
    }
    this.#word(slot, 1, service | ((drops ? 1 : 0) << 16));
    this.#word(slot, 0, key.ends);
  }

  /** Takes a service away; searches go on behind its slot. */
  remove(key: ServiceKey): void {
    const slot = this.#find(key);
    if (slot !== undefined) this.#word(slot, 0, SLOT_LEFT);
  }

  #find(key: ServiceKey): number | undefined {
    for (const slot of this.#way(key)) {
      const ends = this.#endsOf(slot);
      if (ends === SLOT_FREE) return undefined;
      const at = slot * STRIDE;
      if (ends !== key.ends) continue;
      if (this.#view.getBigUint64(at, true) !== key.address.high) continue;
      if (this.#view.getBigUint64(at + 8, true) === key.address.low) return slot;
    }
    return undefined;
  }

  #room(key: ServiceKey): number {
    for (const slot of this.#way(key)) {
      const ends = this.#endsOf(slot);
      if (ends === SLOT_FREE || ends === SLOT_LEFT) return slot;
    }
    throw new EngineError(
      "WEIR_OPTION",
      `the table of services has no room for ${key.address.text}\n  Start the balancer with a larger capacity.services.`,
    );
  }

  *#way({ address, ends }: ServiceKey): Generator<number> {
    const sum = address.high * FACTOR_HIGH + address.low * FACTOR_LOW + BigInt(ends) * FACTOR_ENDS;
    const hash = BigInt.asUintN(64, sum) >> 32n;
    const first = Number((hash * BigInt(this.#slots)) >> 32n);
    for (let probe = 0; probe < SERVICE_PROBES; probe++) yield first + probe;
  }

  #endsOf(slot: number): number {
    return this.#ends[(slot * STRIDE + 16) / 4] ?? SLOT_FREE;
  }

  #word(slot: number, index: number, value: number): void {
    // One store of one word; the words before it have been stored then, since they are stored in another call.
    Atomics.store(this.#ends, (slot * STRIDE + 16) / 4 + index, value);
  }
}
