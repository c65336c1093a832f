import { requireRoot } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { EchoSocket } from "../../src/index.ts";

const LOOPBACK = { 4: Uint8Array.of(127, 0, 0, 1), 6: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1) };

async function heard(socket: EchoSocket, milliseconds: number): Promise<boolean> {
  for (const end = Date.now() + milliseconds; Date.now() < end; ) {
    if (socket.receive()) return true;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return false;
}

describe.skipIf(requireRoot())("an ICMP echo", () => {
  test.for([4, 6] as const)(
    "comes back from the loopback address of IPv%i, to the socket that asked",
    async (family) => {
      using asking = new EchoSocket(LOOPBACK[family]);
      using silent = new EchoSocket(LOOPBACK[family]);
      expect(asking.receive()).toBe(false);
      asking.send();
      expect(await heard(asking, 2000)).toBe(true);
      expect(await heard(silent, 50)).toBe(false);
    },
  );
});
