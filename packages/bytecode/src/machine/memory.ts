import type { Width } from "../form.ts";
import { MachineError } from "./machine-error.ts";

/** How a region may be used, and what it is. */
export interface RegionOptions {
  readonly access?: "read-only" | "writable";
  /** The byte that messages count from; the packet's data follow its metadata. */
  readonly origin?: number;
  /** What its address stands for, such as a map. */
  readonly owner?: object;
}

interface Region {
  readonly name: string;
  readonly base: bigint;
  readonly view: DataView;
  readonly writable: boolean;
  readonly origin: number;
  readonly owner: object | undefined;
  /** Why it must not be reached any more. */
  death: string | undefined;
}

/** Each region has the addresses of its number in these upper bits, so that none can be reached from another by accident. */
const REGION_BITS = 40n;
/**
 * A region begins in the middle of its addresses, so that what lies before it is known as such; and its lower half is not 0, because
 * clang looks at no more of a packet's address to know that it is none.
 */
const MIDDLE = (1n << (REGION_BITS - 1n)) | (1n << 28n);

/** What programs can reach: regions of bytes at addresses of their own, each access checked. */
export class Memory {
  readonly #regions: (Region | undefined)[] = [];
  readonly #free: number[] = [];

  /** The address of the new region. */
  add(name: string, bytes: Uint8Array, { access = "writable", origin = 0, owner }: RegionOptions = {}): bigint {
    const index = this.#free.pop() ?? this.#regions.length;
    const base = (BigInt(index + 1) << REGION_BITS) + MIDDLE;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#regions[index] = { name, base, view, writable: access === "writable", origin, owner, death: undefined };
    return base;
  }

  /** Takes a region out. Its addresses may become those of another. */
  remove(base: bigint): void {
    const index = Number(base >> REGION_BITS) - 1;
    if (this.#regions[index]?.base !== base)
      throw new RangeError(`0x${base.toString(16)} is not where a region begins`);
    this.#regions[index] = undefined;
    this.#free.push(index);
  }

  /** Forbids every access to a region from now on; the message says why. */
  kill(base: bigint, why: string): void {
    const region = this.#regionAt(base);
    if (region !== undefined) region.death = why;
  }

  /** What the region that begins at this address is, undefined when none does. */
  ownerAt(base: bigint): object | undefined {
    const region = this.#regionAt(base);
    return region?.base === base ? region.owner : undefined;
  }

  /** What the region that this address is in is, and how far into it the address is. */
  ownerAround(address: bigint): { readonly owner: object | undefined; readonly offset: number } {
    const region = this.#regionAt(address);
    return { owner: region?.owner, offset: region === undefined ? 0 : Number(address - region.base) };
  }

  /** Whether `length` bytes can be read. */
  isReadable(address: bigint, length: number): boolean {
    const region = this.#regionAt(address);
    if (region === undefined || region.death !== undefined) return false;
    const at = Number(address - region.base);
    return at >= 0 && at + length <= region.view.byteLength;
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

  /** The bytes before the first zero, of at most `limit`; undefined when there is no zero among those that can be read. */
  readText(address: bigint, limit: number): Uint8Array | undefined {
    for (let length = 0; length < limit && this.isReadable(address, length + 1); length++) {
      if (this.load(address + BigInt(length), 8) === 0n) return this.read(address, length);
    }
    return undefined;
  }

  #regionAt(address: bigint): Region | undefined {
    return this.#regions[Number(address >> REGION_BITS) - 1];
  }

  #find(address: bigint, length: number, what: "read" | "written"): { view: DataView; at: number } {
    const region = this.#regionAt(address);
    if (region === undefined) throw new MachineError(`0x${address.toString(16)} is ${what}, where there is no memory`);
    const at = Number(address - region.base);
    if (region.death !== undefined) throw new MachineError(`${region.name} is ${what}, but ${region.death}`);
    if (at < 0 || at + length > region.view.byteLength) {
      const place = `${length} ${length === 1 ? "byte" : "bytes"} at offset ${at - region.origin}`;
      const size = region.view.byteLength - region.origin;
      throw new MachineError(`${place} of ${region.name} ${length === 1 ? "is" : "are"} ${what}; it has ${size}`);
    }
    if (what === "written" && !region.writable)
      throw new MachineError(`${region.name} is written; it can be read only`);
    return { view: region.view, at };
  }
}
