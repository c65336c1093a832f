import { loadMapAddress } from "@weir/bytecode";
import { afterEach, expect, test } from "vitest";
import { replaceNativeCalls } from "../../../src/native/current-calls.ts";
import { loadProgram } from "../../../src/programs/load-program.ts";
import { bpf_cmd, bpf_prog_load } from "../../../src/uapi/bpf.generated.ts";
import { StructureView } from "../../../src/uapi/structure-view.ts";
import { FakeCalls } from "../../fixtures/fake-calls.ts";
import { programSpec, VERDICT, verdictProgram } from "../../fixtures/pass-object.ts";

const EPERM = 1;
const E2BIG = 7;
const EAGAIN = 11;
const ENOSPC = 28;
const HAS_FRAGS = 32;
const context = { license: "GPL", maps: new Map(), btf: undefined, offloadTo: undefined };
let replacement: Disposable | undefined;

afterEach(() => replacement?.[Symbol.dispose]());

type Answer = (attributes: StructureView<typeof bpf_prog_load>, kernel: FakeCalls) => number;

/** A kernel that answers each load with the next of these. */
function kernel(...answers: Answer[]): FakeCalls {
  const calls: FakeCalls = new FakeCalls((command, attributes) => {
    const answer = answers.shift();
    if (command !== bpf_cmd.BPF_PROG_LOAD || answer === undefined) throw new Error("not expected");
    return answer(new StructureView(bpf_prog_load, attributes), calls);
  });
  replacement = replaceNativeCalls(calls);
  return calls;
}

const refuse =
  (errno: number): Answer =>
  () =>
    -errno;
const accept: Answer = (_, calls) => calls.newDescriptor();
const pass = verdictProgram("pass", VERDICT.pass);

test("a load that a signal interrupted is tried again", () => {
  kernel(refuse(EAGAIN), refuse(EAGAIN), accept);
  using program = loadProgram(pass, context);
  expect(program.number).toBeGreaterThan(0);
});

test("the first load has no log; the log of the second grows to what the kernel asks for", () => {
  const sizes: number[] = [];
  const note: Answer = (attributes) => {
    sizes.push(attributes.number("log_size"));
    return -EPERM;
  };
  const tooSmall: Answer = (attributes) => {
    sizes.push(attributes.number("log_size"));
    attributes.set("log_true_size", 1_000_000);
    return -ENOSPC;
  };
  kernel(note, tooSmall, note);
  expect(() => loadProgram(pass, context)).toThrow(expect.objectContaining({ isPermissionDenied: true }));
  expect(sizes).toEqual([0, 65_536, 1_000_000]);
});

test("on kernels that do not say how long the log is, it grows sixteenfold", () => {
  const sizes: number[] = [];
  const tooSmall: Answer = (attributes) => {
    sizes.push(attributes.number("log_size"));
    return -ENOSPC;
  };
  kernel(refuse(ENOSPC), tooSmall, tooSmall, accept);
  using _ = loadProgram(pass, context);
  expect(sizes).toEqual([65_536, 1_048_576]);
});

/** Writes a log before it refuses. */
const write =
  (text: string, errno: number): Answer =>
  (attributes, calls) => {
    const { buffer, byteOffset } = calls.at(attributes.bigint("log_buf"), text.length);
    new Uint8Array(buffer, byteOffset).set(new TextEncoder().encode(text));
    return -errno;
  };

test("what is objected to is asked for by itself where a log is too long to be kept", () => {
  const head = write("0: (b7) r0 = 2\n1: (05) goto pc-2\n0: (b", ENOSPC);
  const objection = write(
    "BPF program is too large. Processed 1000001 insn\nprocessed 1000001 insns (limit 1000000)\n",
    E2BIG,
  );
  kernel(refuse(E2BIG), head, objection);
  expect(() => loadProgram(pass, context)).toThrow(
    expect.objectContaining({
      kind: "too-large",
      errno: E2BIG,
      slot: 0,
      reason: "BPF program is too large. Processed 1000001 insn",
      log: [
        "0: (b7) r0 = 2",
        "1: (05) goto pc-2",
        "BPF program is too large. Processed 1000001 insn",
        "processed 1000001 insns (limit 1000000)",
      ],
    }),
  );
});

test("what the newest kernels keep of a long log, its end, is enough", () => {
  const tail = write("b7) r0 = 2\n1: (05) goto pc-2\nBPF program is too large. Processed 1000001 insn\n", ENOSPC);
  kernel(refuse(E2BIG), tail);
  expect(() => loadProgram(pass, context)).toThrow(
    expect.objectContaining({
      kind: "too-large",
      errno: E2BIG,
      slot: 1,
      log: expect.not.arrayContaining(["b7) r0 = 2"]),
    }),
  );
});

test("name, licence and flags are what the kernel is told", () => {
  let seen: unknown;
  kernel((attributes, calls) => {
    const license = calls.at(attributes.bigint("license"), 3);
    seen = {
      name: attributes.text("prog_name"),
      license: new TextDecoder().decode(license),
      flags: attributes.number("prog_flags"),
      instructions: attributes.number("insn_cnt"),
    };
    return calls.newDescriptor();
  });
  const spec = { ...pass, name: "xdp_packet_monitor" };
  using _ = loadProgram(spec, context, { frags: true });
  expect(seen).toEqual({ name: "xdp_packet_moni", license: "GPL", flags: HAS_FRAGS, instructions: 2 });
});

test("a reference to a map that is not there is named", () => {
  kernel();
  const spec = {
    ...programSpec("x", loadMapAddress(1)),
    references: [{ kind: "map", slot: 0, map: "flows" } as const],
  };
  expect(() => loadProgram(spec, context)).toThrow('program "x" refers to map "flows" at 0: no such thing');
});
