import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { NetworkNamespace } from "@weir/laboratory";

/** The folder with the command line as it is shipped. */
export const DIST = fileURLToPath(new URL("../dist/", import.meta.url));

const WEIR = fileURLToPath(new URL("../bin/weir.cjs", import.meta.url));

/** Milliseconds of CPU that a process has used. */
export interface StartUpCost {
  /** `node -e`, with nothing to do. */
  readonly bare: number;
  /** `weir watch`, from its start until its program is attached and it has come to rest. */
  readonly attached: number;
}

/** Starts both once. `isAttached` tells whether the kernel has the program. */
export async function startUpCost(
  namespace: NetworkNamespace,
  interfaceName: string,
  isAttached: () => boolean,
): Promise<StartUpCost> {
  return {
    bare: await cpuAtRest(namespace, ["-e", "setTimeout(() => {}, 60_000)"], () => true),
    attached: await attachingCost(namespace, interfaceName, isAttached),
  };
}

/** Milliseconds of CPU of `weir watch`, as {@link StartUpCost} has them. */
export function attachingCost(
  namespace: NetworkNamespace,
  interfaceName: string,
  isAttached: () => boolean,
): Promise<number> {
  return cpuAtRest(namespace, [WEIR, "watch", interfaceName, "--interval", "60"], isAttached);
}

/**
 * Asks `isReady` only when the process has come to rest: the answer takes other processes, and what they do meanwhile on the
 * other half of a core costs this one a quarter of its speed.
 */
async function cpuAtRest(
  namespace: NetworkNamespace,
  words: readonly string[],
  isReady: () => boolean,
): Promise<number> {
  const child = namespace.spawn(process.execPath, words, { stdio: "ignore" });
  try {
    for (let before = -1, now = 0; ; before = now) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      if (child.exitCode !== null) throw new Error(`node ${words.join(" ")} ended with ${child.exitCode}`);
      now = cpuOf(child.pid ?? 0);
      if (now === before && isReady()) return now;
    }
  } finally {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (child.kill("SIGKILL")) await ended;
  }
}

/** Of all threads, from the scheduler's own account in nanoseconds. */
export function cpuOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]),
  );
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6;
}
