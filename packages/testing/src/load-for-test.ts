import { type ObjectSpec, withConfig, withMapSizes } from "@weir/bytecode";
import type { MachineOptions } from "@weir/bytecode/machine";
import { objectOf } from "./compile-source.ts";
import { ObjectUnderTest } from "./object-under-test.ts";
import { MachinePlace } from "./places/machine-place.ts";
import type { TestPlace } from "./places/place.ts";
import { testsRunIn } from "./tests-run-in.ts";

/** How an object is loaded for a test. */
export interface LoadForTestOptions {
  /** Values for its `config()`s. */
  readonly config?: Readonly<Record<string, bigint | number>>;
  /** Entries of its maps, where they shall be other than the object says. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** `config()`s that are decided when the file is compiled, as `weir build --set` does. */
  readonly fixed?: Readonly<Record<string, bigint>>;
  /** How the machine is to be: its number of CPUs, helpers of the test's own. Means nothing in the kernel. */
  readonly machine?: MachineOptions;
  /** Where the programs run; what `WEIR_TEST_IN` says unless given. */
  readonly in?: "machine" | "kernel";
}

/**
 * Compiles a kernel file and makes its programs and maps ready for one test: in the machine, which needs neither root nor Linux, or
 * in the kernel with `WEIR_TEST_IN=kernel`. Maps are empty and fresh each time.
 *
 * @example
 * ```ts
 * import { struct, u64 } from "@weir/bytecode/layout";
 * import { ethernet, loadForTest } from "@weir/testing";
 * import { expect, test } from "vitest";
 *
 * test("drops DNS, and counts it", async () => {
 *   using object = await loadForTest(new URL("../src/drop-port.bpf.ts", import.meta.url), { config: { port: 53 } });
 *   const query = ethernet().ipv4().udp({ destinationPort: 53 });
 *   expect(object.program("drop_port").run(query).verdict).toBe("drop");
 *   expect(object.perCpuArrayMap("DROPPED", struct({ packets: u64, bytes: u64 })).total(0)).toEqual({ packets: 1n, bytes: 42n });
 * });
 * ```
 * @param source a kernel file (`.bpf.ts`), an object file, or an object
 * @throws {CompileError} when the file does not compile
 * @throws {KernelError} in the kernel, when it refuses the object
 */
export async function loadForTest(
  source: URL | string | ObjectSpec,
  options: LoadForTestOptions = {},
): Promise<ObjectUnderTest> {
  const { config = {}, sizes = {}, fixed } = options;
  const found = source instanceof URL || typeof source === "string" ? await objectOf(source, fixed) : source;
  const object = withMapSizes(withConfig(found, config), sizes);
  return new ObjectUnderTest(object, await placeFor(object, options));
}

async function placeFor(
  object: ObjectSpec,
  { in: where = testsRunIn(), machine = {} }: LoadForTestOptions,
): Promise<TestPlace> {
  if (where === "machine") return new MachinePlace(object, machine);
  // Only here is native code loaded.
  const { KernelPlace } = await import("./places/kernel-place.ts");
  return new KernelPlace(object);
}
