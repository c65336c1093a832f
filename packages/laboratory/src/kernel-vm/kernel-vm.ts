/** A virtual machine with another kernel, as scripts/kernel-vm.sh makes it. */
export interface KernelVm {
  /** Debian's series: `6.1`, `6.12`, `6.1-rt` or `6.12-rt`. */
  readonly kernel: string;
  /** Network cards: models of QEMU with their properties, as the script takes them. Those that this QEMU does not know are left out. */
  readonly devices?: readonly string[];
  /** Modules to load that nothing would ask for. */
  readonly modules?: readonly string[];
}
