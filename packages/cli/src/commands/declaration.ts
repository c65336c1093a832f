import type { Command } from "commander";
import type { ExitCode } from "../exit-codes.ts";
import type { Session } from "../session.ts";

/**
 * A command of the command line: its words, its options with their defaults, and what it does.
 * It fails by throwing; `end` is for ends that are neither success nor failure.
 */
export type Declaration = (session: Session, end: (exit: ExitCode) => void) => Command;
