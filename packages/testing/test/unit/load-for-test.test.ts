import { mkdtempDisposableSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeObject } from "@weir/bytecode";
import { compile } from "@weir/compiler";
import { CompileError, loadForTest, testsRunIn } from "@weir/testing";
import { afterEach, expect, test, vi } from "vitest";
import { Dropped } from "../fixtures/records.ts";

const source = new URL("../fixtures/drop-port.bpf.ts", import.meta.url);

afterEach(() => vi.unstubAllEnvs());

test("a file with mistakes is refused with what the compiler says", async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), "weir-testing-"));
  const file = join(folder.path, "wrong.bpf.ts");
  writeFileSync(file, "export const x: number = '';\n");
  await expect(loadForTest(file)).rejects.toThrow(CompileError);
  await expect(loadForTest(file)).rejects.toThrow(/wrong\.bpf\.ts:1:14/);
});

test("a file that has changed, or what it imports, is compiled anew", async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), "weir-testing-"));
  const file = join(folder.path, "verdict.bpf.ts");
  const words =
    'import { XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";\nimport { limit } from "./limit.ts";\n';
  writeFileSync(file, `${words}export const short = xdp((packet) => (packet.length < limit ? XDP_DROP : XDP_PASS));\n`);
  const verdict = async (limit: number) => {
    writeFileSync(join(folder.path, "limit.ts"), `export const limit = ${limit};\n`);
    using object = await loadForTest(file, { in: "machine" });
    return [object.program().run(new Uint8Array(100)).verdict, object.spec];
  };
  const [first, object] = await verdict(50);
  expect(first).toBe("pass");
  const [again, same] = await verdict(50);
  expect(again).toBe("pass");
  expect(same).toEqual(object);
  expect((await verdict(200))[0]).toBe("drop");
});

test("an object file and an object are loaded as they are", async () => {
  const { object } = compile(fileURLToPath(source));
  if (object === undefined) throw new Error("the sample does not compile");
  using folder = mkdtempDisposableSync(join(tmpdir(), "weir-testing-"));
  const file = join(folder.path, "drop-port.o");
  writeFileSync(file, writeObject(object));
  for (const given of [file, object]) {
    using loaded = await loadForTest(given, { in: "machine" });
    expect([...loaded.spec.programs.keys()]).toEqual(["drop_port", "reflect"]);
  }
});

test("the machine has the CPUs that a test asks for", async () => {
  using object = await loadForTest(source, { in: "machine", machine: { cpus: 3 } });
  const dropped = object.perCpuArrayMap("DROPPED", Dropped);
  dropped.set(
    0,
    [1n, 2n, 3n].map((packets) => ({ packets, bytes: 10n * packets })),
  );
  object.machine.cpu = 1;

  expect(dropped.get(0)?.[1]).toEqual({ packets: 2n, bytes: 20n });
  expect(dropped.total(0)).toEqual({ packets: 6n, bytes: 60n });
  expect(() => {
    object.machine.cpu = 3;
  }).toThrow("there is no CPU 3: the machine has 3");
});

test("WEIR_TEST_IN says where tests run", () => {
  vi.stubEnv("WEIR_TEST_IN", undefined);
  expect(testsRunIn()).toBe("machine");
  vi.stubEnv("WEIR_TEST_IN", "kernel");
  expect(testsRunIn()).toBe("kernel");
  vi.stubEnv("WEIR_TEST_IN", "Kernel");
  expect(() => testsRunIn()).toThrow('WEIR_TEST_IN is "Kernel": say machine or kernel');
});
