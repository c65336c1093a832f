import { parseRules } from "@weir/rules";
import { expect, test } from "vitest";
import { documentOf } from "../../src/rules/rule-document.ts";

function documentWith(match: string) {
  return documentOf(parseRules(JSON.stringify({ rules: [{ name: "x", match, action: "drop" }] }), "rules.yaml").rules);
}

test.each(["ip protochain 6", "protochain 6", "tcp and not (udp or ip6 protochain 6)"])(
  "%s is taken: interfaces follow chains of headers",
  (match) => {
    expect(documentWith(match).rules).toEqual([{ name: "x", match, action: "drop" }]);
  },
);

test("so is what asks for the first header alone", () => {
  expect(documentWith("ip6 proto 6 and not udp").rules).toEqual([
    { name: "x", match: "ip6 proto 6 and not udp", action: "drop" },
  ]);
});
