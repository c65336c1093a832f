import { koffiCalls } from "./koffi-calls.ts";
import type { NativeCalls } from "./native-calls.ts";

let current: NativeCalls | undefined;

/** The calls in use: the real ones, unless a test has put others in their place. */
export function nativeCalls(): NativeCalls {
  current ??= koffiCalls();
  return current;
}

/** Puts other calls in place, until the result is disposed. For tests. */
export function replaceNativeCalls(replacement: NativeCalls): Disposable {
  const before = current;
  current = replacement;
  return {
    [Symbol.dispose]() {
      current = before;
    },
  };
}
