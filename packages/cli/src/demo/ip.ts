import { execFile } from "node:child_process";
import { CliError } from "../failure.ts";

/** Where iproute2 is, also for users whose PATH has no folder of root's. */
const environment = { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin` };

/** Runs `ip`; gives back what it printed. */
export function ip(...words: readonly string[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  execFile("ip", words, { env: environment }, (error, stdout, stderr) => {
    if (error === null) resolve(stdout);
    else if (error.code === "ENOENT" || error.code === "EACCES") reject(missing());
    else reject(refused(words, stderr || error.message));
  });
  return promise;
}

/** The words that run a command inside a namespace. */
export function inside(namespace: string, command: string, words: readonly string[]) {
  return { command: "ip", words: ["netns", "exec", namespace, command, ...words], environment };
}

function missing(): CliError {
  return new CliError(
    "WEIR_TOOL",
    "the demo makes its network with `ip`, which is not installed.\n  Install iproute2: apt install iproute2",
  );
}

function refused(words: readonly string[], answer: string): CliError {
  const remedy = "In a container it needs CAP_SYS_ADMIN and CAP_NET_ADMIN.";
  return new CliError(
    "WEIR_KERNEL",
    `ip ${words.join(" ")} failed: ${answer.trim()}\n  The demo makes network namespaces. ${remedy}`,
  );
}
