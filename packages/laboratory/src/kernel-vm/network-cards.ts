/**
 * The network cards of the virtual machines that tests of other kernels run in, at the places that they have there; igb takes QEMU 8.
 * What stands behind the name is for scripts/kernel-vm.sh.
 */
export const NETWORK_CARDS = {
  virtio: "virtio-net-pci",
  virtioQueues: "virtio-net-pci,queues=4",
  /** It cannot stop merging packets when a program comes, as a host that does not let it. */
  virtioFixed: "virtio-net-pci,ctrl_guest_offloads=off",
  vmxnet3: "vmxnet3",
  e1000e: "e1000e",
  igb: "igb",
} as const;

export type NetworkCardName = keyof typeof NETWORK_CARDS;
