import { MachineError } from "../machine-error.ts";
import { Reservation, RingBuffer } from "../maps/ring-buffer.ts";
import type { HelperCall, Helpers } from "./helper-call.ts";

function giveBack(call: HelperCall, how: "submitted" | "discarded"): bigint {
  const address = call.argument(0);
  call.run.held.giveBack(address).end(how);
  call.memory.kill(address, `it was ${how}`);
  call.surroundings.retire(address);
  return 0n;
}

export const ringBufferHelpers: Helpers = {
  bpf_ringbuf_reserve: (call) => {
    const address = call.mapOf(0, RingBuffer).reserve(Number(call.argument(1)), call.argument(2));
    if (address === 0n) return 0n;
    const reservation = call.memory.ownerAt(address);
    if (!(reservation instanceof Reservation)) throw new MachineError("the reserved record has no owner");
    call.run.held.reserve(address, reservation);
    return address;
  },
  bpf_ringbuf_submit: (call) => giveBack(call, "submitted"),
  bpf_ringbuf_discard: (call) => giveBack(call, "discarded"),
  bpf_ringbuf_output: (call) => {
    const ring = call.mapOf(0, RingBuffer);
    return ring.output(call.bytes(1, Number(call.argument(2))), call.argument(3));
  },
  bpf_ringbuf_query: (call) => call.mapOf(0, RingBuffer).query(call.argument(1)),
};
