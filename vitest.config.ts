import { defineConfig } from "vitest/config";
import { kernelVmPool } from "./packages/laboratory/src/kernel-vm/kernel-vm-pool.ts";
import { NETWORK_CARDS } from "./packages/laboratory/src/kernel-vm/network-cards.ts";

// Workspace packages are run from their sources ("source" in their exports), so tests need no build.
const resolve = { conditions: ["source", "module", "node"] };
const project = (name: string, include: string[], timeout: number, { groupOrder = 0, env = {} } = {}) => ({
  resolve,
  ssr: { resolve },
  test: {
    name,
    include,
    setupFiles: ["./packages/laboratory/src/descriptor-leaks.ts"],
    testTimeout: timeout,
    hookTimeout: timeout,
    pool: "forks" as const,
    env,
    sequence: { groupOrder },
  },
});

// Tests of this machine's kernel that are run under others too, and those that want the cards and modules there.
const ELSEWHERE = [
  "packages/*/test/other-kernels/**/*.test.ts",
  "packages/kernel/test/kernel/{attach,interfaces,interface-events,offload,pinned-link}.test.ts",
  "packages/compiler/test/kernel/module-functions.test.ts",
  // Programs in the places of functions, or before them, which this machine's kernel may refuse.
  "packages/kernel/test/kernel/extension.test.ts",
  "packages/engine/test/kernel/preview.test.ts",
  "packages/{programs,engine}/test/kernel/dispatcher.test.ts",
  ...(process.env.WEIR_TEST_ELSEWHERE?.split(" ") ?? []),
];
// In an emulated machine everything takes some ten times as long.
const otherKernel = (kernel: string, groupOrder: number) => {
  const env = { WEIR_TEST_PATIENCE: "10" };
  const { test, ...rest } = project(`linux-${kernel}`, ELSEWHERE, 300_000, { groupOrder, env });
  const pool = kernelVmPool({
    kernel,
    devices: Object.values(NETWORK_CARDS),
    modules: ["netdevsim", "nf_conntrack"],
  });
  // One machine for many files: it takes a while to start.
  // Node itself crashes there now and then as it starts.
  return { ...rest, test: { ...test, pool, isolate: false, retry: 2 } };
};

export default defineConfig({
  test: {
    // The kernel tests share one machine's kernel: few workers, so that counts and timings are not disturbed.
    maxWorkers: 2,
    reporters: [
      "default",
      "./packages/laboratory/src/requirements/left-out-reporter.ts",
      "./scripts/totals-reporter.ts",
    ],
    projects: [
      // Tests of kernel programs run in both: in the machine, and with the switch that users have in the kernel.
      project("unit", ["{packages/*,scripts,examples}/test/{unit,both}/**/*.test.ts"], 20_000),
      project("kernel", ["{packages/*,examples}/test/{kernel,both}/**/*.test.ts"], 60_000, {
        env: { WEIR_TEST_IN: "kernel" },
      }),
      project("end-to-end", ["packages/*/test/end-to-end/**/*.test.ts"], 120_000),
      // When the others are done: what runs on the other half of a core takes a third of the speed.
      project("measured", ["packages/*/test/measured/**/*.test.ts"], 120_000, { groupOrder: 1 }),
      otherKernel("6.1", 2),
      otherKernel("6.12", 3),
    ],
  },
});
