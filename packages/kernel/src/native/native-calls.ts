/** A place in this process's memory. User-space addresses fit well into a double's 53 bits. */
export type Address = number;

/**
 * The calls into the C library that weir is built on: everything native is behind this interface.
 *
 * Each gives what the kernel gives: a result from 0 up, or a negative error number.
 * Addresses come from the arena or from `mmap` only, never from a Buffer.
 */
export interface NativeCalls {
  bpf(command: number, attributes: Address, size: number): number;
  mmap(length: number, protection: number, flags: number, descriptor: number, offset: number): Address;
  munmap(address: Address, length: number): number;
  /** The memory at an address as an ArrayBuffer, without a copy. It must outlive every use of the buffer. */
  view(address: Address, length: number): ArrayBuffer;
  open(path: Address, flags: number): number;
  close(descriptor: number): number;
  socket(family: number, type: number, protocol: number): number;
  bind(socket: number, name: Address, length: number): number;
  connect(socket: number, name: Address, length: number): number;
  setsockopt(socket: number, level: number, option: number, value: Address, length: number): number;
  sendto(socket: number, data: Address, length: number): number;
  recvfrom(socket: number, data: Address, length: number, flags: number): number;
  ioctl(descriptor: number, request: number, argument: Address): number;
  perfEventOpen(attributes: Address, process: number, cpu: number, group: number, flags: number): number;
  /** Another descriptor of the same thing, for this process alone: fcntl(2). */
  duplicate(descriptor: number): number;
  flock(descriptor: number, operation: number): number;
  mount(source: Address, target: Address, type: Address): number;
  /** Begins a file system of a type, and makes it one that is mounted nowhere: three calls (Linux 5.2). */
  fsopen(type: Address, flags: number): number;
  fsconfig(context: number, command: number): number;
  fsmount(context: number, flags: number): number;
  /** Moves the calling thread into the network namespace of a descriptor. */
  setns(descriptor: number, kind: number): number;
  /** Writes a clock's resolution, two 8-byte words: seconds, nanoseconds. */
  clockGetres(clock: number, resolution: Address): number;
  /** Writes a clock's time, in the same form. */
  clockGettime(clock: number, time: Address): number;
  /**
   * Calls back from the event loop while a descriptor has something to read, until the result is disposed, which has to be before
   * the descriptor is closed. Does not keep the process running.
   */
  whileReadable(descriptor: number, act: () => void): Disposable;
}
