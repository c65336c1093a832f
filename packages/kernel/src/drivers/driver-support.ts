import { DRIVERS, WITHOUT_NATIVE } from "./driver-table.ts";

/** What a driver can do with XDP since which Linux, as far as is known; undefined is not. */
export interface DriverSupport {
  /** As `ethtool -i` prints it. */
  readonly driver: string;
  /** Undefined for a driver that had no native XDP in Linux 7.1. */
  readonly native?: string;
  readonly redirect?: string;
  /** AF_XDP sockets whose frames are not copied. */
  readonly zeroCopy?: string;
  /** Programs that take frames in several buffers. */
  readonly frags?: string;
  /** It has what is said here only as far as the drivers of all its ports have it, and in some of its modes. */
  readonly dependsOnPorts?: true;
  /** Programs on the card. */
  readonly offload?: string;
  /** Bytes of the largest MTU for a program without frags, with pages of 4 KiB. */
  readonly singleBufferMtu?: number;
  /** Where this is from: a commit of Linux, 12 digits of its name, or a release that was looked through. */
  readonly source: string;
}

/** Where the table has the MTUs from that fit into one buffer. */
export const SINGLE_BUFFER_MTU_SOURCE = "https://docs.ebpf.io/linux/program-type/BPF_PROG_TYPE_XDP/";

/**
 * What weir knows of a driver's XDP, for kernels that do not say it themselves (before Linux 6.3).
 *
 * @example
 * ```ts
 * driverSupport("ixgbe")?.native; // "4.12"
 * ```
 * @returns undefined for a driver that is not in the table
 */
export function driverSupport(name: string): DriverSupport | undefined {
  const found = DRIVERS.find(({ driver }) => driver === name);
  if (found !== undefined) return found;
  return WITHOUT_NATIVE.has(name) ? { driver: name, source: "Linux 7.1" } : undefined;
}

/**
 * Where to look up what the table has of a driver.
 *
 * @example
 * ```ts
 * driverSource({ driver: "ixgbe", native: "4.12", source: "924708081629" }); // "https://git.kernel.org/linus/924708081629"
 * ```
 * @returns the address of the commit that brought native XDP, or the release whose source code was looked through
 */
export function driverSource({ source }: DriverSupport): string {
  return /^[0-9a-f]{12}$/.test(source) ? `https://git.kernel.org/linus/${source}` : `the source code of ${source}`;
}
