/** Numbers of the system calls that {@link NativeCalls} makes. */
export interface SyscallNumbers {
  readonly bpf: number;
  readonly mmap: number;
  readonly munmap: number;
  readonly openat: number;
  readonly close: number;
  readonly socket: number;
  readonly bind: number;
  readonly connect: number;
  readonly setsockopt: number;
  readonly sendto: number;
  readonly recvfrom: number;
  readonly ioctl: number;
  readonly perfEventOpen: number;
  readonly fcntl: number;
  readonly flock: number;
  readonly mount: number;
  readonly fsopen: number;
  readonly fsconfig: number;
  readonly fsmount: number;
  readonly setns: number;
  readonly clockGetres: number;
  readonly clockGettime: number;
}

/** By Node's name of the architecture. From `asm/unistd_64.h` and `asm-generic/unistd.h`: they never change. */
export const SYSCALL_NUMBERS: Readonly<Partial<Record<NodeJS.Architecture, SyscallNumbers>>> = {
  x64: {
    bpf: 321,
    mmap: 9,
    munmap: 11,
    openat: 257,
    close: 3,
    socket: 41,
    bind: 49,
    connect: 42,
    setsockopt: 54,
    sendto: 44,
    recvfrom: 45,
    ioctl: 16,
    perfEventOpen: 298,
    fcntl: 72,
    flock: 73,
    mount: 165,
    fsopen: 430,
    fsconfig: 431,
    fsmount: 432,
    setns: 308,
    clockGetres: 229,
    clockGettime: 228,
  },
  arm64: {
    bpf: 280,
    mmap: 222,
    munmap: 215,
    openat: 56,
    close: 57,
    socket: 198,
    bind: 200,
    connect: 203,
    setsockopt: 208,
    sendto: 206,
    recvfrom: 207,
    ioctl: 29,
    perfEventOpen: 241,
    fcntl: 25,
    flock: 32,
    mount: 40,
    fsopen: 430,
    fsconfig: 431,
    fsmount: 432,
    setns: 268,
    clockGetres: 114,
    clockGettime: 113,
  },
};
