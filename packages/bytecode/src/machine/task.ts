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
}

/** The idle task: where most packets come in. */
export const idleTask: Readonly<Task> = { processId: 0, threadId: 0, userId: 0, groupId: 0, command: "swapper/0" };
