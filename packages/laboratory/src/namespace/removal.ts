/** Things that must be gone when the process ends, however it ends. */
const pending = new Set<() => void>();
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Calls `remove` when the process ends by itself, by an uncaught error or by a signal, unless taken back before. */
export function removeAtExit(remove: () => void): { takeBack(): void } {
  if (pending.size === 0) {
    process.on("exit", removeAll);
    for (const signal of SIGNALS) process.on(signal, endBySignal);
  }
  pending.add(remove);
  return {
    takeBack() {
      pending.delete(remove);
      if (pending.size === 0) stopListening();
    },
  };
}

function removeAll(): void {
  for (const remove of [...pending]) remove();
}

function endBySignal(signal: NodeJS.Signals): void {
  removeAll();
  stopListening();
  // Who started this process shall see which signal ended it.
  process.kill(process.pid, signal);
}

function stopListening(): void {
  process.off("exit", removeAll);
  for (const signal of SIGNALS) process.off(signal, endBySignal);
}
