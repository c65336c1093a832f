import { describe, expect, test } from "vitest";
import { HealthState } from "../../../src/balance/services/health/health-state.ts";

/** What is said after each answer: + is good, - is not. */
function states(answers: string, rise: number, fall: number): string {
  const state = new HealthState({ rise, fall });
  return [...answers].map((answer) => (state.note(answer === "+") ? "U" : "d")).join("");
}

describe("the health of a backend", () => {
  test("is what the first answer says", () => {
    expect(states("+", 3, 3)).toBe("U");
    expect(states("-", 3, 3)).toBe("d");
  });

  test("changes with so many answers one after the other, and no fewer", () => {
    expect(states("+--+--+---", 2, 3)).toBe("UUUUUUUUUd");
    expect(states("-+-+-++", 2, 3)).toBe("ddddddU");
    expect(states("+-+-", 1, 1)).toBe("UdUd");
  });
});
