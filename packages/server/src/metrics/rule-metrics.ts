import type { ListedRule, ListedRules, Snapshot } from "@weir/engine";
import { counter, gauge, type Labels, type MetricFamily, type Sample } from "./metric-family.ts";

/**
 * What the rules of interfaces have counted; nothing where none has rules. There are as many series as the rules in force make: those of rules
 * that were taken out end, and those of a name go on from what it had.
 */
export function ruleMetrics(snapshots: readonly Snapshot[]): MetricFamily[] {
  const filtered = snapshots.flatMap(({ interface: name, time, rules }) =>
    rules ? [{ labels: { interface: name }, now: time.getTime() / 1000, rules }] : [],
  );
  if (filtered.length === 0) return [];
  const each = (value: (rules: ListedRules, now: number) => number | bigint | undefined): Sample[] =>
    filtered.flatMap(({ labels, now, rules }) => sampleOf(labels, value(rules, now)));
  const byRule = (value: (rule: ListedRule, now: number) => number | bigint | undefined): Sample[] =>
    filtered.flatMap(({ labels, now, rules }) =>
      rules.rules.flatMap((rule) => sampleOf({ ...labels, rule: rule.name, action: rule.action }, value(rule, now))),
    );
  const byDefault = (value: (rest: ListedRules["default"], now: number) => number | bigint | undefined): Sample[] =>
    filtered.flatMap(({ labels, now, rules }) =>
      sampleOf({ ...labels, action: rules.default.action }, value(rules.default, now)),
    );

  return [
    gauge(
      { name: "weir_rules", help: "Rules in force." },
      each(({ rules }) => rules.length),
    ),
    gauge(
      { name: "weir_rules_applied_timestamp_seconds", unit: "seconds", help: "When rules were applied last." },
      each(({ seconds }, now) => moment(now, seconds)),
    ),
    counter(
      { name: "weir_rule_packets", help: "Frames that came as far as a rule, and that it matched." },
      byRule(({ packets }) => packets),
    ),
    counter(
      { name: "weir_rule_bytes", unit: "bytes", help: "Bytes of the frames that a rule matched." },
      byRule(({ bytes }) => bytes),
    ),
    gauge(
      {
        name: "weir_rule_last_match_timestamp_seconds",
        unit: "seconds",
        help: "When a frame matched a rule last; there is none where none has.",
      },
      byRule(({ idle }, now) => moment(now, idle)),
    ),
    counter(
      { name: "weir_rule_over_packets", help: "Frames above the rate of a limit, dropped, or of a log, not logged." },
      byRule(({ over }) => over?.packets),
    ),
    counter(
      { name: "weir_rule_over_bytes", unit: "bytes", help: "Bytes of the frames above the rate of a limit or log." },
      byRule(({ over }) => over?.bytes),
    ),
    counter(
      {
        name: "weir_rule_untracked_packets",
        help: "Frames that a limit passed since it had no room to remember their source or flow.",
      },
      byRule(({ untracked }) => untracked),
    ),
    counter(
      {
        name: "weir_rule_contended_packets",
        help: "Frames that a limit passed, and charged, since other CPUs were always quicker to charge theirs.",
      },
      byRule(({ contended }) => contended),
    ),
    counter(
      {
        name: "weir_rule_no_room_packets",
        help: "Frames that a rule did not log since nobody had read what was logged before.",
      },
      byRule(({ noRoom }) => noRoom),
    ),
    counter(
      { name: "weir_default_packets", help: "Frames that no rule decided about, by what the default does with them." },
      byDefault(({ packets }) => packets),
    ),
    counter(
      { name: "weir_default_bytes", unit: "bytes", help: "Bytes of the frames that no rule decided about." },
      byDefault(({ bytes }) => bytes),
    ),
    gauge(
      {
        name: "weir_default_last_match_timestamp_seconds",
        unit: "seconds",
        help: "When a frame came last that no rule decided about; there is none where none has.",
      },
      byDefault(({ idle }, now) => moment(now, idle)),
    ),
  ];
}

function sampleOf(labels: Labels, value: number | bigint | undefined): Sample[] {
  return value === undefined ? [] : [{ labels, value }];
}

/** Seconds since 1970, to a tenth: so one that stays the same is the same in each scrape, mostly. */
function moment(now: number, secondsAgo: number | undefined): number | undefined {
  return secondsAgo === undefined ? undefined : Math.round((now - secondsAgo) * 10) / 10;
}
