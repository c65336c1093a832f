/** The process that a program finds itself in. */
export interface Task {
  /** Process id, which the kernel calls tgid. */
  processId: number;
  /** Thread id, which the kernel calls pid. */
  threadId: number;
  userId: number;
  groupId: number;
  /** At most 15 bytes of its name. */
  command: string;
  /** Address of its `struct task_struct`, which the test gives with `kernelMemory`; 0 for none. */
  structure: bigint;
}

/** The idle task: where most packets come in. */
export const idleTask: Readonly<Task> = {
  processId: 0,
  threadId: 0,
  userId: 0,
  groupId: 0,
  command: "swapper/0",
  structure: 0n,
};
