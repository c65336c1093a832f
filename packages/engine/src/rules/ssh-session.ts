import { readFileSync } from "node:fs";

/** The ends of the connection over which somebody is logged in: seen from here, the source is the other machine. */
export interface SshSession {
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
}

/**
 * The session of ssh that this process belongs to. `sudo` takes its description out of the environment, so the processes above are asked, too.
 *
 * @see https://man.openbsd.org/ssh#ENVIRONMENT
 */
export function sshSession(environment: Readonly<Record<string, string | undefined>>): SshSession | undefined {
  const own = parseSession(environment.SSH_CONNECTION);
  if (own !== undefined) return own;
  for (let pid = process.ppid; pid > 1; ) {
    const found = parseSession(environmentOf(pid)?.get("SSH_CONNECTION"));
    if (found !== undefined) return found;
    const parent = parentOf(pid);
    if (parent === undefined) return undefined;
    pid = parent;
  }
  return undefined;
}

function parseSession(text: string | undefined): SshSession | undefined {
  const [source, sourcePort, destination, destinationPort] = text?.split(" ") ?? [];
  if (source === undefined || destination === undefined) return undefined;
  return {
    ...{ source: unmapped(source), sourcePort: Number(sourcePort) },
    ...{ destination: unmapped(destination), destinationPort: Number(destinationPort) },
  };
}

/** IPv4 as IPv6 has it (RFC 4291, 2.5.5.2): what a server says that listens for both. */
const unmapped = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, "");

/** Undefined where the process is gone, or is not ours to look at. */
function environmentOf(pid: number): ReadonlyMap<string, string> | undefined {
  const text = readIfThere(`/proc/${pid}/environ`);
  if (text === undefined) return undefined;
  return new Map(
    text.split("\0").map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
}

function parentOf(pid: number): number | undefined {
  const parent = /^PPid:\s+(\d+)/m.exec(readIfThere(`/proc/${pid}/status`) ?? "")?.[1];
  return parent === undefined ? undefined : Number(parent);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
