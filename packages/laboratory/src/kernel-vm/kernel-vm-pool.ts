import type { PoolRunnerInitializer } from "vitest/node";
import type { KernelVm } from "./kernel-vm.ts";
import { prepareKernelVm } from "./kernel-vm-script.ts";
import { KernelVmWorker } from "./kernel-vm-worker.ts";
import { LeftOutWorker } from "./left-out-worker.ts";

/**
 * A pool for Vitest whose workers are virtual machines with another kernel: the tests of a project run there, and are reported
 * here as all others; vitest.config.ts has two. With `isolate: false` a machine runs one file after the other. Where there can be no such machine, the tests
 * are skipped, and the end of the run says why.
 */
export function kernelVmPool(vm: KernelVm): PoolRunnerInitializer {
  const name = `linux-${vm.kernel}`;
  let preparation: { readonly lack: ReturnType<typeof prepareKernelVm> } | undefined;
  return {
    name,
    createPoolWorker(options) {
      preparation ??= { lack: prepareKernelVm(vm) };
      const { lack } = preparation;
      return lack === undefined ? new KernelVmWorker(name, vm, options) : new LeftOutWorker(name, lack, options);
    },
  };
}
