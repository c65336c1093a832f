import { afterEach, beforeEach, expect, test } from "vitest";
import { FileDescriptor } from "../../../src/descriptors/file-descriptor.ts";
import { forgetDescriptors, openDescriptors, trackDescriptors } from "../../../src/descriptors/open-descriptors.ts";
import { replaceNativeCalls } from "../../../src/native/current-calls.ts";
import { FakeCalls } from "../../fixtures/fake-calls.ts";

let calls: FakeCalls;
let replacement: Disposable;

beforeEach(() => {
  calls = new FakeCalls();
  replacement = replaceNativeCalls(calls);
});

afterEach(() => replacement[Symbol.dispose]());

const open = () => new FileDescriptor(calls.newDescriptor(), 'map "flows"');

test("it closes at the end of its block", () => {
  {
    using descriptor = open();
    expect(calls.openDescriptors).toContain(descriptor.number);
  }
  expect(calls.openDescriptors.size).toBe(0);
});

test("closing twice closes once: the number may be another's by then", () => {
  const descriptor = open();
  const { number } = descriptor;
  descriptor[Symbol.dispose]();
  descriptor[Symbol.dispose]();
  expect(calls.log).toEqual([`close ${number}`]);
});

test("a use after the close says so", () => {
  const descriptor = open();
  descriptor[Symbol.dispose]();
  expect(descriptor.isClosed).toBe(true);
  expect(() => descriptor.number).toThrow(expect.objectContaining({ code: "WEIR_CLOSED" }));
  expect(() => descriptor.number).toThrow('use on map "flows" failed: it was closed');
});

test("an open one is known with the place that opened it", () => {
  trackDescriptors();
  forgetDescriptors();
  const descriptor = open();
  expect(openDescriptors()).toMatchObject([{ what: 'map "flows"', number: descriptor.number }]);
  expect(openDescriptors()[0]?.openedAt).toContain("file-descriptor.test.ts");
  descriptor[Symbol.dispose]();
  expect(openDescriptors()).toEqual([]);
});
