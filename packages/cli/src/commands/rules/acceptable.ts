import type { InterfaceEffect, RulesEffect } from "@weir/engine";
import { InvalidArgumentError, Option } from "commander";
import { CliError } from "../../failure.ts";
import { printable } from "../../text/printable.ts";
import { formatPercent, plural } from "../../text/units.ts";

/** What rules may do. */
export interface Acceptable {
  /** Whether what the machine needs to be reached must pass. */
  readonly guard: boolean;
  /** The largest share of frames that may be dropped, from 0 to 1. */
  readonly most?: number;
}

export function mostOption(): Option {
  return new Option("--most <percent>", "refuse rules that would drop more of the frames, as in 10%").argParser(
    (text) => {
      const value = Number(/^(\d+(?:\.\d+)?)%?$/.exec(text)?.[1]);
      if (value >= 0 && value <= 100) return value / 100;
      throw new InvalidArgumentError("It must be a share from 0% to 100%.");
    },
  );
}

/**
 * Refuses rules that would do what they must not.
 *
 * @throws {CliError} `WEIR_GUARD` with all reasons
 */
export function checkAcceptable(
  file: string,
  effects: readonly (RulesEffect & Partial<Pick<InterfaceEffect, "interface">>)[],
  acceptable: Acceptable,
): void {
  const reasons = effects.flatMap((effect) =>
    reasonsAgainst(effect, acceptable).map((reason) =>
      effect.interface === undefined ? reason : `${effect.interface}: ${reason}`,
    ),
  );
  if (reasons.length === 0) return;
  throw new CliError(
    "WEIR_GUARD",
    `${printable(file)}: these rules are refused; nothing was changed\n${reasons.map((reason) => `  ${reason}`).join("\n")}`,
  );
}

function reasonsAgainst({ cutOff, session, share }: RulesEffect, { guard, most = 1 }: Acceptable): string[] {
  const isCutOff = cutOff.length > 0;
  return [
    ...(guard && isCutOff
      ? [`they would drop ${cutOff.map(({ what }) => what).join(", ")}; if that is meant so, say --no-guard`]
      : []),
    ...(guard && !isCutOff && session !== undefined && session.dropped > 0
      ? [`they would drop ${plural(session.dropped, "frame")} of your session; if that is meant so, say --no-guard`]
      : []),
    ...(share > most
      ? [`they would drop ${formatPercent(share)} of the frames, and --most allows ${formatPercent(most)}`]
      : []),
  ];
}
