import type { Width } from "../form.ts";
import { MachineError } from "./machine-error.ts";

interface Region {
  readonly name: string;
  readonly base: bigint;
  readonly view: DataView;
  readonly writable: boolean;
}

/** Each region has the addresses of its number in these upper bits, so that none can be reached from another by accident. */
const REGION_BITS = 40n;

/** What a program can reach: regions of bytes at addresses of their own, each access checked. */
export class Memory {
  readonly #regions: Region[] = [];

  /** The address of the new region. */
  add(name: string, bytes: Uint8Array, access: "read-only" | "writable" = "writable"): bigint {
    const base = BigInt(this.#regions.length + 1) << REGION_BITS;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#regions.push({ name, base, view, writable: access === "writable" });
    return base;
  }

  /** `width` bits, without a sign. @throws {MachineError} outside of a region, as all accesses */
  load(address: bigint, width: Width): bigint {
    const { view, at } = this.#find(address, width / 8, "read");
    switch (width) {
      case 8:
        return BigInt(view.getUint8(at));
      case 16:
        return BigInt(view.getUint16(at, true));
      case 32:
        return BigInt(view.getUint32(at, true));
      case 64:
        return view.getBigUint64(at, true);
    }
  }

  /** The lower `width` bits of `value`. */
  store(address: bigint, width: Width, value: bigint): void {
    const { view, at } = this.#find(address, width / 8, "written");
    const bits = BigInt.asUintN(width, value);
    if (width === 64) view.setBigUint64(at, bits, true);
    else if (width === 32) view.setUint32(at, Number(bits), true);
    else if (width === 16) view.setUint16(at, Number(bits), true);
    else view.setUint8(at, Number(bits));
  }

  /** A copy of `length` bytes, such as a key that a helper is given. */
  read(address: bigint, length: number): Uint8Array {
    const { view, at } = this.#find(address, length, "read");
    return new Uint8Array(view.buffer, view.byteOffset + at, length).slice();
  }

  /** Bytes such as a value that a helper gives. */
  write(address: bigint, bytes: Uint8Array): void {
    const { view, at } = this.#find(address, bytes.length, "written");
    new Uint8Array(view.buffer, view.byteOffset + at, bytes.length).set(bytes);
  }

  #find(address: bigint, length: number, what: "read" | "written"): { view: DataView; at: number } {
    const region = this.#regions[Number(address >> REGION_BITS) - 1];
    if (region === undefined) throw new MachineError(`0x${address.toString(16)} is ${what}, where there is no memory`);
    const at = Number(address - region.base);
    if (at + length > region.view.byteLength) {
      const place = `${length} bytes at offset ${at}`;
      throw new MachineError(`${place} of ${region.name} are ${what}; it has ${region.view.byteLength}`);
    }
    if (what === "written" && !region.writable)
      throw new MachineError(`${region.name} is written; it can be read only`);
    return { view: region.view, at };
  }
}
