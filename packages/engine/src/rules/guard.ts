import { loadSets, type RuleSet, RuleTrial, SetContents } from "@weir/rules";
import { EngineError } from "../errors.ts";
import { guardedFrames } from "./guarded-frames.ts";
import type { SshSession } from "./ssh-session.ts";

/**
 * Refuses rules that would cut off whoever applies them: that drop a frame of their session, or of what a machine needs to be reached at all.
 *
 * @throws {EngineError} `WEIR_GUARD` with what would be dropped, and by which rule
 */
export function checkGuard(rules: RuleSet, session: SshSession | undefined): void {
  const sets = new SetContents(loadSets(rules));
  const dropped = new Map<string, string>();
  for (const { what, bytes } of guardedFrames(session)) {
    // Anew for each: a limit lets the first frame through.
    const { verdict, rule } = new RuleTrial(rules, sets).decide({ bytes, length: bytes.length, time: undefined });
    if (verdict === "drop")
      dropped.set(what, rule === null ? "no rule passes it, and the default drops" : `rule "${rule}"`);
  }
  if (dropped.size === 0) return;
  const lines = [...dropped].map(([what, why]) => `  ${what}: ${why}`);
  throw new EngineError(
    "WEIR_GUARD",
    `${rules.file}: these rules would drop what the machine needs to be reached; nothing was changed\n${lines.join("\n")}\n` +
      "  Put rules before that pass it, such as { name: arp, match: arp, action: pass }; or, if it is meant so, say --no-guard.",
  );
}
