import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { tryCommand } from "../namespace/command.ts";
import type { Lack } from "../requirements/left-out.ts";
import { lackOfRoot, lackOfTools } from "../requirements/require.ts";
import type { KernelVm } from "./kernel-vm.ts";

const SCRIPTS = join(import.meta.dirname, "../../../../scripts");
const REMEDY = "apt-get update, and a network from which apt-get can download";

/** What boots other kernels. */
export const KERNEL_VM_SCRIPT = join(SCRIPTS, "kernel-vm.sh");

/** Modules that Debian does not have, and what builds them. */
const BUILDERS: ReadonlyMap<string, string> = new Map([["netdevsim", join(SCRIPTS, "kernel-vm-netdevsim.sh")]]);

/**
 * Downloads and builds what a virtual machine needs, where that is not done, and says what hinders it, or `undefined`. The first
 * time it takes a minute.
 */
export function prepareKernelVm({ kernel, modules = [] }: KernelVm): Lack | undefined {
  const builders = modules.flatMap((module) => BUILDERS.get(module) ?? []);
  return (
    lackOfRoot() ??
    lackOfTools(["qemu-system-x86_64", "xz", "depmod", "unshare", "ip"]) ??
    (builders.length > 0 ? lackOfTools(["gcc-12", "make"]) : undefined) ??
    [KERNEL_VM_SCRIPT, ...builders].map((script) => failureOf(script, kernel)).find((lack) => lack !== undefined)
  );
}

/** Those of the devices that this machine's QEMU knows. */
export function knownDevices(devices: readonly string[]): string[] {
  const qemu = process.env.KERNEL_VM_QEMU ?? "qemu-system-x86_64";
  const isKnown = (model = "") => tryCommand(qemu, ["-device", `${model},help`]).stdout.startsWith(`${model} options`);
  return devices.filter((device) => isKnown(device.split(",")[0]));
}

function failureOf(script: string, kernel: string): Lack | undefined {
  const { status, stderr } = spawnSync(script, [kernel], { encoding: "utf8" });
  if (status === 0) return undefined;
  return { reason: stderr.trim().split("\n").at(-1) ?? `${script} ended with ${status}`, remedy: REMEDY };
}
