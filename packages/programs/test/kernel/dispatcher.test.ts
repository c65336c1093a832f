import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ObjectSpec, parseBtf, readObject, withVariables } from "@weir/bytecode";
import { bytes, encode, struct, u32 } from "@weir/bytecode/layout";
import { compile } from "@weir/compiler";
import { attachExtension, type BpfProgram, extensionRefusal, type LoadedObject, loadObject } from "@weir/kernel";
import { Random, requirePath, requireRoot } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import {
  DISPATCHER_MAGIC,
  DISPATCHER_PROGRAMS,
  DISPATCHER_VERSION,
  DispatcherSettings,
  dispatcherObject,
  NOTHING_REPLACED,
} from "../../src/index.ts";

const PASS = 2;
const FRAME = new Uint8Array(64);
const CALLED = fileURLToPath(new URL("../kernel-programs/called.bpf.ts", import.meta.url));
const LIBXDP = "/usr/lib/x86_64-linux-gnu/bpf/xdp-dispatcher.o";
const Trace = struct({ length: u32, order: bytes(16) });

/** A dispatcher that goes on behind program n after the verdicts of a mask. */
function dispatcher(continueAfter: readonly number[]): ObjectSpec {
  const places = Array.from({ length: DISPATCHER_PROGRAMS }, (_, place) => place);
  const conf = new Uint8Array(DispatcherSettings.size);
  const settings = {
    magic: DISPATCHER_MAGIC,
    version: DISPATCHER_VERSION,
    programs: continueAfter.length,
    frags: 0,
    continueAfter: places.map((place) => continueAfter[place] ?? 0),
    priorities: places,
    flags: places.map(() => 0),
  };
  encode(DispatcherSettings, settings, new DataView(conf.buffer));
  return withVariables(dispatcherObject(), { conf });
}

function programOf(object: LoadedObject, name: string, extended?: BpfProgram, place?: number): BpfProgram {
  const options = extended && { extends: { program: extended, function: `prog${place}` } };
  const found = object.program(name, options);
  if (found.kind === "not found") throw new Error(`no program ${name}`);
  return found.program;
}

const noRoot = requireRoot();
const refusal = noRoot === undefined ? extensionRefusal() : undefined;
const because = refusal === undefined ? "" : ` (not here: ${refusal.answer})`;

describe.skipIf(noRoot)("the dispatcher", () => {
  test("passes on every packet that no program was put in for, however many there may be", () => {
    for (let programs = 0; programs <= DISPATCHER_PROGRAMS; programs++) {
      const continuing = Array.from({ length: programs }, () => 2 ** NOTHING_REPLACED);
      using loaded = loadObject(dispatcher(continuing));
      expect(programOf(loaded, "xdp_dispatcher").testRun({ data: FRAME }).verdict).toBe(PASS);
    }
  });

  test("leaves no more in the kernel than it has programs", () => {
    using empty = loadObject(dispatcher([]));
    using full = loadObject(dispatcher(Array.from({ length: DISPATCHER_PROGRAMS }, () => 2 ** PASS)));
    const instructions = (object: LoadedObject) => programOf(object, "xdp_dispatcher").info().translatedInstructions;
    // Linux 6.1 keeps functions that nothing calls any more.
    expect(instructions(full) - instructions(empty)).toBeGreaterThan(10 * DISPATCHER_PROGRAMS);
  });

  test.skipIf(requirePath(LIBXDP, "apt install xdp-tools"))(
    "has its settings and its version as libxdp's has them",
    () => {
      const [ours, theirs] = [dispatcherObject(), readObject(readFileSync(LIBXDP))].map(({ btf }) => {
        if (btf === undefined) throw new Error("the object has no types");
        return parseBtf(btf);
      });
      if (ours === undefined || theirs === undefined) throw new Error("there are two");
      const form = (btf: typeof ours, name: string) => {
        const found = btf.find("struct", name)?.type;
        return [found?.size, found?.members.map(({ bitOffset }) => bitOffset)];
      };
      expect(form(ours, "DispatcherSettings")).toEqual(form(theirs, "xdp_dispatcher_config"));
      const version = (btf: typeof ours) => {
        const [variable] = btf.find("section", "xdp_metadata")?.type.variables ?? [];
        const described = btf.type(variable?.type ?? 0);
        const pointer = described.kind === "variable" ? btf.type(described.type) : undefined;
        const array = pointer?.kind === "pointer" ? btf.type(pointer.type) : undefined;
        return [described.kind === "variable" && described.name, array?.kind === "array" && array.length];
      };
      expect(version(ours)).toEqual(["dispatcher_version", DISPATCHER_VERSION]);
      expect(version(theirs)).toEqual(version(ours));
    },
  );
});

describe.skipIf(noRoot ?? refusal !== undefined)(`programs of a dispatcher${because}`, () => {
  test("are called in order, until one has the last word", () => {
    const random = new Random(5);
    const { object: called } = compile(CALLED);
    if (called === undefined) throw new Error("the programs have mistakes");
    for (let round = 0; round < 6; round++) {
      const count = 1 + random.below(DISPATCHER_PROGRAMS);
      const continueAfter = Array.from({ length: count }, () => 2 ** NOTHING_REPLACED + random.below(32));
      using loaded = loadObject(dispatcher(continueAfter));
      using others = loadObject(called);
      const program = programOf(loaded, "xdp_dispatcher");
      using links = new DisposableStack();
      // Some places stay empty: programs that have gone.
      const present = continueAfter.map(() => random.below(5) > 0);
      for (const [place, isThere] of present.entries()) {
        if (!isThere) continue;
        const extension = programOf(others, `called${place}`, program, place);
        links.use(attachExtension(extension, { program, function: `prog${place}` }));
      }
      const verdicts = Array.from({ length: DISPATCHER_PROGRAMS }, () => random.below(5));
      others.variable("verdicts", bytes(DISPATCHER_PROGRAMS)).value = Uint8Array.from(verdicts);
      const expected = { verdict: PASS, order: [] as number[] };
      for (const [place, verdict] of verdicts.slice(0, count).entries()) {
        if (!present[place]) continue;
        expected.order.push(place);
        if (((continueAfter[place] ?? 0) >>> verdict) & 1) continue;
        expected.verdict = verdict;
        break;
      }
      const { verdict } = program.testRun({ data: FRAME });
      const { length, order } = others.variable("trace", Trace).value;
      expect({ verdict, order: [...order.slice(0, length)] }).toEqual(expected);
    }
  });
});
