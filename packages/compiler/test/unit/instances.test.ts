import { type ObjectSpec, parseBtf } from "@weir/bytecode";
import { expect, test } from "vitest";
import { compile, formatDiagnostics } from "../../src/index.ts";

const FILE = "/instances/program.bpf.ts";

function compiled(text: string): ObjectSpec {
  const { object, diagnostics } = compile(FILE, { readFile: (name) => (name === FILE ? text : undefined) });
  if (object === undefined) throw new Error(formatDiagnostics(diagnostics));
  return object;
}

test("a function is typed once for each structure of the kernel that it is given", () => {
  const { programs, btf } = compiled(`
    import { type u32, u64 } from "@weir/bytecode/layout";
    import { arrayMap, type KernelStruct, tpBtf } from "@weir/compiler/language";
    interface task_struct extends KernelStruct<"task_struct"> { readonly flags: u32; }
    interface sock extends KernelStruct<"sock"> { readonly flags: u32; }
    export const SEEN = arrayMap({ value: u64, maxEntries: 1 });
    function flags<T extends task_struct | sock>(of: T): u32 { return of.flags; }
    export const both = tpBtf("any", (task: task_struct, socket: sock) => {
      const seen = SEEN.lookup(0);
      if (seen !== null) seen.value = flags(task) + flags(socket);
    });
  `);
  const types = btf && parseBtf(btf);
  const asked = programs.get("both")?.references.flatMap((reference) => {
    const type = reference.kind === "kernel-type" ? types?.type(reference.type) : undefined;
    return type?.kind === "struct" ? [type.name] : [];
  });
  expect(asked?.sort()).toEqual(["sock", "task_struct"]);
});

test("texts that are printed are no variables of the program, whatever those are called", () => {
  const { maps } = compiled(`
    import { bytes } from "@weir/bytecode/layout";
    import { global, print, XDP_PASS, xdp } from "@weir/compiler/language";
    const text_a = global(bytes(3), [104, 105, 0]);
    const text_1 = global(bytes(2));
    export const greet = xdp(() => {
      text_a[0] = 72;
      text_1[0] = 1;
      print("hi");
      print("hi");
      print("ho");
      return XDP_PASS;
    });
  `);
  expect(maps.get(".rodata")?.contents).toEqual(new TextEncoder().encode("hi\0\0\0\0\0\0ho\0"));
});
