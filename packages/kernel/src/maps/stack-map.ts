import type { Decoded, Layout } from "@weir/bytecode/layout";
import type { BpfMap } from "./bpf-map.ts";
import type { MapOwnership } from "./keyed-map.ts";
import { KeylessMap, type ValueLayout } from "./keyless-map.ts";
import { openOwned } from "./open-owned.ts";

/**
 * A stack shared with the kernel: last in, first out.
 *
 * @example
 * ```ts
 * using work = StackMap.open("/sys/fs/bpf/work", { value: struct({ address: be32 }) });
 * for (let next = work.pop(); next !== undefined; next = work.pop()) console.log(next.address);
 * ```
 * Since Linux 4.20.
 * @see BPF_MAP_TYPE_STACK
 */
export class StackMap<Value extends Layout> extends KeylessMap<Value> {
  private constructor(map: BpfMap, { value }: ValueLayout<Value>, ownership: MapOwnership) {
    super(map, "stack", value, ownership);
  }

  /** A typed view of a map that somebody else closes. @throws {KernelError} `WEIR_MAP_LAYOUT` */
  static of<Value extends Layout>(map: BpfMap, layout: ValueLayout<Value>): StackMap<Value> {
    return new StackMap(map, layout, "borrowed");
  }

  /** Opens a pinned map. @throws {KernelError} `WEIR_NOT_FOUND`, `WEIR_MAP_LAYOUT` */
  static open<Value extends Layout>(path: string, layout: ValueLayout<Value>): StackMap<Value> {
    return openOwned(path, (map) => new StackMap(map, layout, "owned"));
  }

  /** Puts a value in. @throws {KernelError} `WEIR_MAP_FULL` */
  push(value: Decoded<Value>): void {
    this.put(value);
  }

  /** Takes the newest value out; undefined when there is none. */
  pop(): Decoded<Value> | undefined {
    return this.take();
  }

  /** The newest value, which stays; undefined when there is none. */
  peek(): Decoded<Value> | undefined {
    return this.look();
  }
}
