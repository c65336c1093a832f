import { encodeInstructions, type ProgramSpec } from "@weir/bytecode";
import { Attributes } from "../bpf/attributes.ts";
import { tryBpf } from "../bpf/bpf-call.ts";
import { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { ERRNO } from "../errors/errno.ts";
import { systemError } from "../errors/system-error.ts";
import type { BpfMap } from "../maps/bpf-map.ts";
import { arena } from "../memory/arena.ts";
import { missingCapabilities } from "../system/capabilities.ts";
import { bpf_func_info, bpf_line_info, bpf_prog_load } from "../uapi/bpf.generated.ts";
import { BPF_F_XDP_DEV_BOUND_ONLY, BPF_F_XDP_HAS_FRAGS } from "../uapi/macros.ts";
import { loadWithLog, loadWithStatistics } from "../verifier/load-with-log.ts";
import type { VerifierStatistics } from "../verifier/statistics.ts";
import { VerifierError } from "../verifier/verifier-error.ts";
import type { BpfProgram } from "./bpf-program.ts";
import { encodeFunctionInfo, encodeLineInfo } from "./debug-info.ts";
import { entryPlace } from "./entry.ts";
import { type ExtensionTarget, extensionPlace } from "./extension.ts";
import type { ObjectTypes } from "./object-types.ts";
import { ProgramModules } from "./program-modules.ts";
import { type ProgramPlace, programPlace } from "./program-place.ts";
import { resolveReferences } from "./resolve-references.ts";

/** What a program needs besides its own specification. */
export interface LoadContext {
  readonly license: string;
  readonly maps: ReadonlyMap<string, BpfMap>;
  readonly btf: ObjectTypes | undefined;
  /** Index of the interface whose network card shall run the program; undefined for the kernel itself. */
  readonly offloadTo: number | undefined;
}

/** How a program may differ from its specification. */
export interface LoadOptions {
  /** Takes packets in several buffers, as jumbo frames need (Linux 5.18); as the specification says unless given. */
  readonly frags?: boolean;
  /** Binds the program to the interface with this index, which lets it read the driver's packet metadata (Linux 6.3). */
  readonly boundTo?: number;
  /**
   * Loads it to take the place of another program's function (`BPF_PROG_TYPE_EXT`, Linux 5.6), whose type and rules it follows then, with
   * the context that this one has: {@link attachExtension} puts it there.
   */
  readonly extends?: ExtensionTarget;
  /** Loads a program of type `typed-tracepoint` to run before this one (`BPF_TRACE_FENTRY`, Linux 5.5): {@link attachEntry} puts it there. */
  readonly enters?: BpfProgram;
  /** Is told what the verifier had to do; writing that takes time. */
  readonly onVerified?: (statistics: VerifierStatistics) => void;
}

/** The verifier gives up for a pending signal; one that comes five times in a row is no accident. */
const INTERRUPTED_ATTEMPTS = 5;
const INTERRUPTED = "Signals kept interrupting the verifier (a profiler sends them): try again without.";

const NO_OFFLOAD =
  "Offload needs a network card that runs XDP programs, and its driver's support for what the program does.";

const NO_EXTENSION =
  "Programs that take the place of a function (freplace) need a kernel that is not locked down, and its JIT compiler.";

const NO_ENTRY =
  "Programs that run before another one (fentry) need a kernel that is not locked down, and its JIT compiler.";

/**
 * Gives a program to the kernel.
 *
 * @throws {VerifierError} when the verifier rejects it: at which line of its source, and why
 * @throws {KernelError} `WEIR_PERMISSION`, or when the kernel lacks something
 */
export function loadProgram(spec: ProgramSpec, context: LoadContext, options: LoadOptions = {}): FileDescriptor {
  const { extends: extended, boundTo, onVerified } = options;
  // The program whose function it stands for says whether packets may come in several buffers.
  const frags = extended === undefined && (options.frags ?? spec.frags);
  const subject = `program "${spec.name}"`;
  const flags = (frags ? BPF_F_XDP_HAS_FRAGS : 0) | (boundTo === undefined ? 0 : BPF_F_XDP_DEV_BOUND_ONLY);
  using modules = new ProgramModules();
  const resolved = resolveReferences(spec, context, modules);
  using instructions = arena().copy(encodeInstructions(resolved.instructions));
  using descriptors = arena().copy(modules.descriptors);
  using license = arena().text(context.license);
  using functions = arena().copy(encodeFunctionInfo(spec.functions));
  using lines = arena().copy(encodeLineInfo(spec.lines));
  using attributes = new Attributes(bpf_prog_load, {
    ...placeOf(spec, context, options),
    insn_cnt: spec.instructions.length,
    insns: instructions.address,
    license: license.address,
    prog_flags: flags,
    prog_ifindex: context.offloadTo ?? boundTo ?? 0,
    ...(modules.count > 0 && { fd_array: descriptors.address }),
    ...(context.btf !== undefined &&
      spec.functions.length > 0 && {
        prog_btf_fd: context.btf.descriptor.number,
        func_info: functions.address,
        func_info_cnt: spec.functions.length,
        func_info_rec_size: bpf_func_info.size,
        line_info: lines.address,
        line_info_cnt: spec.lines.length,
        line_info_rec_size: bpf_line_info.size,
      }),
  });
  attributes.setText("prog_name", spec.name);

  const load = () => {
    let result = tryBpf("BPF_PROG_LOAD", attributes);
    for (let attempt = 1; result === -ERRNO.EAGAIN && attempt < INTERRUPTED_ATTEMPTS; attempt += 1) {
      result = tryBpf("BPF_PROG_LOAD", attributes);
    }
    return result;
  };
  // Without a log first: most programs load, and writing the log multiplies the verifier's time.
  const first = onVerified === undefined ? load() : loadWithStatistics(attributes, load, onVerified);
  if (first >= 0) return new FileDescriptor(first, subject);
  const { result, log } = loadWithLog(attributes, load, first);
  if (result >= 0) return new FileDescriptor(result, subject);
  if (result === -ERRNO.EAGAIN) throw systemError("BPF_PROG_LOAD", subject, ERRNO.EAGAIN, { advice: [INTERRUPTED] });
  if (log.length > 0) {
    const rejection = new VerifierError(spec, -result, log, context.btf?.bytes, resolved.missing);
    if (!isForWantOfPrivilege(rejection)) throw rejection;
    throw systemError("BPF_PROG_LOAD", subject, ERRNO.EPERM, { words: rejection.reason, cause: rejection });
  }
  throw systemError("BPF_PROG_LOAD", subject, -result, {
    advice: [
      ...(context.offloadTo === undefined ? [] : [NO_OFFLOAD]),
      ...(extended === undefined ? [] : [NO_EXTENSION]),
      ...(options.enters === undefined ? [] : [NO_ENTRY]),
    ],
  });
}

function placeOf(spec: ProgramSpec, { btf }: LoadContext, { extends: extended, enters }: LoadOptions): ProgramPlace {
  if (extended !== undefined) return extensionPlace(extended);
  return enters === undefined ? programPlace(spec, btf?.bytes) : entryPlace(enters);
}

/** Without CAP_PERFMON the verifier allows less: what it complains about then is no mistake in the program. */
function isForWantOfPrivilege({ reason }: VerifierError): boolean {
  return /prohibited|for !root|leaks addr/.test(reason) && missingCapabilities().includes("CAP_PERFMON");
}
