import {
  type AttachedProgram,
  attachXdp,
  type BpfProgram,
  ForeignProgram,
  KernelError,
  type NetworkInterface,
  queryXdp,
  type XdpAttachment,
} from "@weir/kernel";
import { afterFailure } from "../after-failure.ts";
import { EngineError } from "../errors.ts";
import type { Mode } from "../mode.ts";
import { argument } from "../text/shell-word.ts";

/**
 * Attaches the monitor's program to an interface.
 *
 * @throws {EngineError} `WEIR_MODE` when the interface cannot do the mode that was asked for
 * @throws {EngineError | KernelError} `WEIR_BUSY`: the monitor is there already, or another program
 * @throws {KernelError} `WEIR_PERMISSION`
 */
export function attachMonitor(
  program: BpfProgram,
  target: NetworkInterface,
  mode: Mode,
  by: "link" | "netlink" = "link",
): XdpAttachment {
  return attachProgram(
    program,
    target,
    mode,
    ({ name }, other) =>
      `a monitor of weir is attached to ${name} already: ${other}. It was left as it is.\n` +
      `  If \`weir attach\` did it: weir stats ${argument(name)} shows it, weir detach ${argument(name)} ends it.\n` +
      "  If not, a `weir watch` or `weir serve`, or a program that uses weir, is running: end it first. `weir serve` reads what is attached when it starts.",
    by,
  );
}

/**
 * Attaches the monitor's program by a link in the place of a program of somebody else that netlink attached, if that is there. A link
 * cannot take a place over: for some milliseconds there is no program. One that cannot be attached gives the place back.
 */
export function attachInPlaceOf(
  foreignId: number,
  program: BpfProgram,
  target: NetworkInterface,
  mode: Mode,
): XdpAttachment {
  using foreign = ForeignProgram.find(target.index, foreignId);
  if (foreign === undefined) return attachMonitor(program, target, mode);
  foreign.takeOff();
  try {
    return attachMonitor(program, target, mode);
  } catch (error) {
    throw afterFailure(error, `program ${foreignId} is not on ${target.name} any more`, () => foreign.putBack());
  }
}

/**
 * Attaches a program of weir to an interface; throws as `attachMonitor` does.
 *
 * @param alreadyThere what to say when a program of that name is attached, which is described by `other`
 */
export function attachProgram(
  program: BpfProgram,
  target: NetworkInterface,
  mode: Mode,
  alreadyThere: (target: NetworkInterface, other: string) => string,
  by: "link" | "netlink" = "link",
): XdpAttachment {
  try {
    return attachXdp({ interface: target.index, program, mode, by });
  } catch (error) {
    if (error instanceof KernelError && isAboutMode(error)) {
      throw new EngineError("WEIR_MODE", error.message, { cause: error });
    }
    const other = error instanceof KernelError && error.isBusy ? sameOn(target.index, program) : undefined;
    if (other !== undefined) {
      const described = `"${other.programName}" (id ${other.programId}, mode ${other.mode})`;
      throw new EngineError("WEIR_BUSY", alreadyThere(target, described), { cause: error });
    }
    throw error;
  }
}

/** Drivers refuse with various errors; those that have another reason have a code that says so. */
function isAboutMode({ attempted, code }: KernelError): boolean {
  const attaching = attempted === "BPF_LINK_CREATE" || attempted === "RTM_SETLINK";
  return attaching && (code === "WEIR_NOT_SUPPORTED" || code === "WEIR_KERNEL");
}

/** A program of the same name on an interface, whoever attached it. */
function sameOn(index: number, { name }: BpfProgram): AttachedProgram | undefined {
  return queryXdp(index).find(({ programName }) => programName === name);
}
