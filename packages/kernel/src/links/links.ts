import { Attributes } from "../bpf/attributes.ts";
import { tryBpf } from "../bpf/bpf-call.ts";
import { objectIds } from "../bpf/object-ids.ts";
import { readObjectInfo } from "../bpf/object-info.ts";
import { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { ERRNO } from "../errors/errno.ts";
import { systemError } from "../errors/system-error.ts";
import { arena } from "../memory/arena.ts";
import { bpf_attach_type, bpf_link_info, bpf_link_type, bpf_object_id } from "../uapi/bpf.generated.ts";

/** A bpf_link: where a program runs. */
export interface LinkInfo {
  readonly id: number;
  readonly programId: number;
  /** The kernel's name of its type, `XDP` of `BPF_LINK_TYPE_XDP`. */
  readonly type: string;
  /** Index of the interface, in whatever network namespace; 0 when that is gone. Undefined for what is on no interface. */
  readonly interfaceIndex: number | undefined;
  /** What further says where: the name of a raw tracepoint, the kernel's name of an attach type. */
  readonly place: string | undefined;
}

/** Longest name of a tracepoint that is read; the kernel's longest ones have 60 characters. */
const NAME = 128;

/**
 * All links of the system, whoever made them.
 *
 * @example
 * ```ts
 * [...links()].filter(({ programId }) => programId === program.id);
 * ```
 * Since Linux 5.8.
 * @throws {KernelError} `WEIR_PERMISSION` without CAP_SYS_ADMIN
 */
export function* links(): Generator<LinkInfo, void> {
  for (const id of objectIds("BPF_LINK_GET_NEXT_ID", "all links")) {
    const info = linkById(id);
    if (info !== undefined) yield info;
  }
}

/** Undefined for a link that has gone meanwhile, or is being made: the kernel has its number then, and nothing behind it (EAGAIN). */
function linkById(id: number): LinkInfo | undefined {
  using attributes = new Attributes(bpf_object_id, { link_id: id });
  const result = tryBpf("BPF_LINK_GET_FD_BY_ID", attributes);
  if (result === -ERRNO.ENOENT || result === -ERRNO.EAGAIN) return undefined;
  if (result < 0) throw systemError("BPF_LINK_GET_FD_BY_ID", `link with id ${id}`, -result);
  using descriptor = new FileDescriptor(result, `link with id ${id}`);
  return linkInfo(descriptor);
}

/** What the kernel says of a link. @throws {KernelError} */
export function linkInfo(descriptor: FileDescriptor): LinkInfo {
  using name = arena().allocate(NAME);
  const type = readObjectInfo(descriptor.number, bpf_link_info, descriptor.what, (info) => info.number("type"));
  // The parts of different types lie over each other: only a raw tracepoint may be asked for its name.
  const isNamed = type === bpf_link_type.BPF_LINK_TYPE_RAW_TRACEPOINT;
  const ask = isNamed ? { "raw_tracepoint.tp_name": name.address, "raw_tracepoint.tp_name_len": NAME } : {};
  return readObjectInfo(
    descriptor.number,
    bpf_link_info,
    descriptor.what,
    (info) => {
      const common = {
        id: info.number("id"),
        programId: info.number("prog_id"),
        type: nameOf(bpf_link_type, type, "BPF_LINK_TYPE_"),
      };
      switch (type) {
        case bpf_link_type.BPF_LINK_TYPE_XDP:
          return { ...common, interfaceIndex: info.number("xdp.ifindex"), place: undefined };
        case bpf_link_type.BPF_LINK_TYPE_TCX:
          return {
            ...common,
            interfaceIndex: info.number("tcx.ifindex"),
            place: nameOf(bpf_attach_type, info.number("tcx.attach_type"), "BPF_"),
          };
        case bpf_link_type.BPF_LINK_TYPE_TRACING:
          return {
            ...common,
            interfaceIndex: undefined,
            place: nameOf(bpf_attach_type, info.number("tracing.attach_type"), "BPF_"),
          };
        case bpf_link_type.BPF_LINK_TYPE_RAW_TRACEPOINT: {
          const end = name.bytes.indexOf(0);
          const text = new TextDecoder().decode(name.bytes.subarray(0, end < 0 ? NAME : end));
          return { ...common, interfaceIndex: undefined, place: text };
        }
        default:
          return { ...common, interfaceIndex: undefined, place: undefined };
      }
    },
    ask,
  );
}

function nameOf(values: Readonly<Record<string, number>>, number: number, prefix: string): string {
  const name = Object.entries(values).find(([, value]) => value === number)?.[0];
  return name?.slice(prefix.length) ?? String(number);
}
