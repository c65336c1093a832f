import { requireRoot } from "@weir/laboratory";
import { ethernet } from "@weir/testing";
import { expect, test } from "vitest";
import { HealthChecks } from "../../src/balance/services/health/health-checks.ts";
import { Balanced, backend, config, service } from "../balance-services/balanced.ts";

const [DROP, TX] = [1, 3];
/** Nobody listens on that port. */
const HEALTH = {
  type: "tcp",
  port: 1,
  path: "/",
  status: [200, 299],
  interval: 0.1,
  timeout: 0.1,
  rise: 1,
  fall: 1,
} as const;

test.skipIf(requireRoot())("a backend that was down gets connections as soon as nobody asks it any more", async () => {
  const backends = [backend("127.0.0.1")];
  using balanced = new Balanced(config([service({ backends, health: HEALTH })]));
  using checks = new HealthChecks((changed) => changed.update());
  checks.set(balanced.set.services);
  const verdict = (sourcePort: number) => {
    const addresses = { source: "198.51.100.7", destination: "203.0.113.1" };
    return balanced.run(
      ethernet()
        .ipv4(addresses)
        .tcp({ sourcePort, destinationPort: 80, flags: ["syn"] }),
    ).verdict;
  };
  await expect.poll(() => verdict(1024), { timeout: 10_000 }).toBe(DROP);
  balanced.apply(config([service({ backends })]));
  checks.set(balanced.set.services);
  expect(verdict(1025)).toBe(TX);
});
