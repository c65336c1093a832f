import type { TestModule } from "vitest/node";

/** Ends the run with one line that scripts can read: `N passed, N failed, N skipped`. */
export default class TotalsReporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const totals = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      if (module.state() === "failed" && module.children.size === 0) totals.failed += 1;
      for (const test of module.children.allTests()) totals[test.result().state] += 1;
    }
    const skipped = totals.skipped + totals.pending;
    process.stdout.write(`\n${totals.passed} passed, ${totals.failed} failed, ${skipped} skipped\n`);
  }
}
