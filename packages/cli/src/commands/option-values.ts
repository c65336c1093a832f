import { InvalidArgumentError, Option } from "commander";

/** A whole number from `least` on, as an option's value. */
export function wholeNumber(least: number, most = Number.POSITIVE_INFINITY): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
    const range = most === Number.POSITIVE_INFINITY ? `, at least ${least}` : ` from ${least} to ${most}`;
    throw new InvalidArgumentError(`It must be a whole number${range}.`);
  };
}

/** A number of seconds from `least` on, as an option's value; the longest is what a timer can wait. */
export function seconds(least: number): (text: string) => number {
  return (text) => {
    const value = /^(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= LONGEST) return value;
    throw new InvalidArgumentError(`It must be a number of seconds from ${least} to ${LONGEST}.`);
  };
}

/** A share such as `1/100`, as an option's value: 100. */
export function oneIn(most: number): (text: string) => number {
  return (text) => {
    const value = /^1\/\d+$/.test(text) ? Number(text.slice(2)) : Number.NaN;
    if (value >= 1 && value <= most) return value;
    throw new InvalidArgumentError(`It must be 1/N, with N a whole number from 1 to ${most}.`);
  };
}

/** setTimeout counts milliseconds in 31 bits; 24 days. */
const LONGEST = 2_147_483;

/** The options that several commands share, each with its default in the help. */
export const modeOption = () =>
  new Option("--mode <mode>", "how to attach: by the driver (drv), before the stack (skb), in the card (hw)")
    .choices(["auto", "drv", "skb", "hw"])
    .default("auto", "auto: drv where the driver can, skb otherwise");

/** For programs that redirect packets, or copy them out, which no network card does. */
export const softwareModeOption = () =>
  new Option("--mode <mode>", "how to attach: by the driver (drv), before the stack (skb)")
    .choices(["auto", "drv", "skb"])
    .default("auto", "auto: drv where the driver can, skb otherwise");

export const sortOption = () =>
  new Option("--sort <order>", "order of the connections")
    .choices(["packets", "bytes", "rate", "recent"])
    .default("packets");

export const limitOption = (standard: string) =>
  new Option("--limit <n>", `list at most so many connections (default: ${standard})`).argParser(wholeNumber(0));

export const connectionsOption = (standard: number) =>
  new Option("--connections <n>", "room for so many connections, per IP version and CPU")
    .argParser(wholeNumber(1))
    .default(standard);

/** For how many connections a table is made that counts live packets. */
export const LIVE_CONNECTIONS = 10_240;

export const idleOption = () =>
  new Option("--idle <s>", "connections without packets for so long make room; 0: never")
    .argParser(seconds(0))
    .default(60);

export const sampleOption = () =>
  new Option(
    "--sample <rate>",
    "1/n: look up one of n packets and estimate; flow:1/n: count one of n connections (default: everything)",
  );

export const budgetOption = () =>
  new Option(
    "--budget <percent>",
    "sample packets as the load demands: the program takes at most that part of one CPU, such as 5%",
  );

export const replaceForeignOption = () =>
  new Option(
    "--replace-foreign <id>",
    "take the place of this program of somebody else, if netlink attached it (default: none is disturbed)",
  ).argParser(wholeNumber(1));

/** The options of commands whose program may be one of several on an interface. */
export const sharedOption = () =>
  new Option("--shared", "let other XDP programs, such as those of xdp-loader, be on the interface too");

export const priorityOption = () =>
  new Option("--priority <n>", "the place among several programs: lower numbers run first (default: 5)").argParser(
    wholeNumber(0, 2 ** 32 - 1),
  );

/** What they say. */
export interface SharingFlags {
  readonly shared?: true;
  readonly priority?: number;
}

export const jsonOption = (what: string) => new Option("--json", `print ${what}, with exact numbers`);
