import { afterEach, expect, test } from "vitest";
import { replaceNativeCalls } from "../../../src/native/current-calls.ts";
import { decodeMessages, encodeMessage } from "../../../src/netlink/message.ts";
import { routeRequest, tryRouteRequest } from "../../../src/netlink/route-request.ts";
import { NLM_F_DUMP, NLM_F_DUMP_INTR, NLMSG_DONE, NLMSG_ERROR } from "../../../src/uapi/macros.ts";
import { FakeCalls } from "../../fixtures/fake-calls.ts";

const EPERM = 1;
const NEWLINK = 16;
const request = {
  name: "RTM_GETLINK",
  type: 18,
  flags: 0,
  head: new Uint8Array(16),
  attributes: { table: {}, bytes: new Uint8Array() },
};
const dump = { ...request, flags: NLM_F_DUMP };
let replacement: Disposable | undefined;
let calls: FakeCalls;

afterEach(() => replacement?.[Symbol.dispose]());

/** A kernel that answers the nth request with these messages, each in a datagram of its own. */
function answer(...answers: { type: number; flags?: number; head?: number[]; sequence?: number }[][]) {
  let asked = 0;
  calls = new FakeCalls(undefined, (bytes) => {
    const [{ sequence } = { sequence: 0 }] = decodeMessages(bytes);
    return (answers[asked++] ?? []).map(({ type, flags = 0, head = [], ...message }) =>
      encodeMessage({ ...request, type, head: Uint8Array.from(head) }, flags, message.sequence ?? sequence),
    );
  });
  replacement = replaceNativeCalls(calls);
}

const numbers = (heads: readonly { payload: Uint8Array }[]) => heads.map(({ payload }) => payload[0]);

test("a dump is complete when the kernel says so", () => {
  answer([{ type: NEWLINK, head: [1] }, { type: NEWLINK, head: [2] }, { type: NLMSG_DONE }]);
  expect(numbers(routeRequest(dump, "all"))).toEqual([1, 2]);
});

test("a dump that was disturbed is asked for again", () => {
  answer(
    [{ type: NEWLINK, head: [1], flags: NLM_F_DUMP_INTR }, { type: NLMSG_DONE }],
    [{ type: NEWLINK, head: [2] }, { type: NLMSG_DONE }],
  );
  expect(numbers(routeRequest(dump, "all"))).toEqual([2]);
});

test("a dump that is disturbed every time is told as it was last seen", () => {
  answer(
    ...Array.from({ length: 5 }, (_, index) => [
      { type: NEWLINK, head: [index], flags: NLM_F_DUMP_INTR },
      { type: NLMSG_DONE },
    ]),
  );
  expect(numbers(routeRequest(dump, "all"))).toEqual([4]);
});

test("messages of other questions are passed over", () => {
  answer([
    { type: NEWLINK, head: [1], sequence: 99 },
    { type: NEWLINK, head: [2] },
  ]);
  expect(numbers(routeRequest(request, "one"))).toEqual([2]);
});

test("a refusal is a value, or an error", () => {
  answer([{ type: NLMSG_ERROR, head: [256 - EPERM, 255, 255, 255, ...new Array(16).fill(0)] }]);
  expect(tryRouteRequest(request)).toEqual({ kind: "refused", errno: EPERM, words: undefined });
  expect(() => routeRequest(request, "one")).toThrow("RTM_GETLINK on one failed: EAGAIN");
});

test("the socket is closed whatever comes", () => {
  answer([]);
  expect(tryRouteRequest(request)).toMatchObject({ kind: "refused" });
  expect(calls.openDescriptors.size).toBe(0);
});
