import { readSync } from "node:fs";
import { Attributes } from "../bpf/attributes.ts";
import { bpfOpen } from "../bpf/bpf-call.ts";
import type { BpfMap } from "../maps/bpf-map.ts";
import { arena } from "../memory/arena.ts";
import { bpf_attach_type, bpf_iter_create } from "../uapi/bpf.generated.ts";
import type { BpfProgram } from "./bpf-program.ts";
import { createLink, ProgramLink } from "./program-link.ts";

const CHUNK = 64 * 1024;
/** `union bpf_iter_link_info`, as far as a map is said in it. */
const MAP_INFO_SIZE = 4;

/**
 * A program of type `iterator`, ready to go through the kernel's things of its kind. Each reading is one round.
 *
 * @example
 * ```ts
 * using link = attachIterator(program); // in section iter/tcp
 * process.stdout.write(link.text());
 * ```
 * Since Linux 5.8.
 */
export class IteratorLink extends ProgramLink {
  /** What the program writes in one round. @throws {KernelError} */
  read(): Uint8Array {
    using attributes = new Attributes(bpf_iter_create, { link_fd: this.descriptor.number });
    using round = bpfOpen("BPF_ITER_CREATE", attributes, this.descriptor.what);
    const parts: Uint8Array[] = [];
    for (;;) {
      const part = Buffer.allocUnsafe(CHUNK);
      const length = readSync(round.number, part, 0, CHUNK, null);
      if (length === 0) return Buffer.concat(parts);
      parts.push(part.subarray(0, length));
    }
  }

  /** What the program writes in one round, as text. @throws {KernelError} */
  text(): string {
    return new TextDecoder().decode(this.read());
  }
}

/**
 * Makes a program of type `iterator` ready to run.
 *
 * @param map the map to go through, for programs in section `iter/bpf_map_elem`
 *
 * @example
 * ```ts
 * using link = attachIterator(program); // in section iter/task
 * ```
 * Since Linux 5.8.
 * @throws {KernelError} EINVAL when a map is needed and not given
 */
export function attachIterator(program: BpfProgram, map?: BpfMap): IteratorLink {
  const attach_type = bpf_attach_type.BPF_TRACE_ITER;
  const subject = `iterator "${program.name}"`;
  if (map === undefined) return new IteratorLink(createLink(program, { attach_type }, subject));
  using info = arena().allocate(MAP_INFO_SIZE);
  info.view.setUint32(0, map.descriptor.number, true);
  const place = { attach_type, iter_info: info.address, iter_info_len: MAP_INFO_SIZE };
  return new IteratorLink(createLink(program, place, subject));
}
