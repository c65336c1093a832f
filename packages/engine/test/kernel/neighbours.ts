/** Programs of somebody else on the interface of a veth: what xdp-loader puts there, and says of it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { u64 } from "@weir/bytecode/layout";
import { ArrayMap, BpfMap, BpfProgram, programDetails } from "@weir/kernel";
import { compileC } from "../../../bytecode/test/samples/clang.ts";
import type { WatchedVeth } from "./watched-veth.ts";

/** Each counts what it sees. `first` runs before weir and drops datagrams of 100 bytes, which have 142 with their headers. */
const PROGRAMS = `
#define RUN_CONFIG(name, number) \\
  struct { __uint(priority, number); __uint(XDP_PASS, 1); } _##name SEC(".xdp_run_config")
#define ARRAY struct { __uint(type, 2); __type(key, u32); __type(value, u64); __uint(max_entries, 1); }
#define COUNT(map) { u32 key = 0; u64 *seen = bpf_map_lookup_elem(&map, &key); if (seen) __sync_fetch_and_add(seen, 1); }
ARRAY FIRST_SEEN SEC(".maps"); ARRAY LAST_SEEN SEC(".maps");
RUN_CONFIG(first, 3);
RUN_CONFIG(last, 60);
SEC("xdp") int first(struct xdp_md *ctx) { COUNT(FIRST_SEEN) return ctx->data_end - ctx->data == 142 ? 1 : 2; }
SEC("xdp") int last(struct xdp_md *ctx) { COUNT(LAST_SEEN) return 2; }
`;

/** A program of the interface, as xdp-loader lists it. */
export interface Listed {
  readonly priority: number;
  readonly name: string;
  readonly id: number;
}

export class Neighbours implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "weir-neighbours-"));
  readonly #file = join(this.#folder, "neighbours.o");
  readonly #veth: WatchedVeth;

  constructor(veth: WatchedVeth) {
    this.#veth = veth;
    writeFileSync(this.#file, compileC(PROGRAMS));
  }

  load(name: "first" | "last"): void {
    const { receiver, name: on } = this.#veth;
    receiver.run("xdp-loader", ["load", "--mode", "native", "--prog-name", name, on, this.#file]);
  }

  unload(name: "first" | "last"): void {
    const { receiver, name: on } = this.#veth;
    receiver.run("xdp-loader", ["unload", "--id", String(this.#listed(name).id), on]);
  }

  /** Frames that a program has seen. */
  seen(name: "first" | "last"): bigint {
    return this.counter(name)();
  }

  /** The same of one that is there now, wherever its interface goes. */
  counter(name: "first" | "last"): () => bigint {
    using program = BpfProgram.byId(this.#listed(name).id);
    const id = programDetails(program).mapIds[0] ?? 0;
    return () => {
      using map = BpfMap.byId(id);
      return ArrayMap.of(map, { value: u64 }).at(0);
    };
  }

  /** The programs in the order in which xdp-loader says that they run. */
  list(): Listed[] {
    const { receiver, name: on } = this.#veth;
    const lines = receiver.run("xdp-loader", ["status", on]).split("\n");
    return lines.flatMap((line) => {
      const [, priority, name = "", id] = /^\s*=>\s+(\d+)\s+(\S+)\s+(\d+)/.exec(line) ?? [];
      return priority === undefined ? [] : [{ priority: Number(priority), name, id: Number(id) }];
    });
  }

  #listed(name: string): Listed {
    const found = this.list().find((listed) => listed.name === name);
    if (found === undefined) throw new Error(`xdp-loader lists no ${name}`);
    return found;
  }

  /** Takes all programs off the interface. */
  [Symbol.dispose](): void {
    this.#veth.receiver.try("xdp-loader", ["unload", "--all", this.#veth.name]);
    rmSync(this.#folder, { recursive: true });
  }
}
