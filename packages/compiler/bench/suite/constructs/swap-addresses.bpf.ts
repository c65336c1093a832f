// The two hardware addresses change places.
import { be16, struct, u16 } from "@weir/bytecode/layout";
import { XDP_ABORTED, XDP_TX, xdp } from "@weir/compiler/language";

const Address = struct({ first: u16, second: u16, third: u16 });
const Frame = struct({ destination: Address, source: Address, type: be16 });

export const program = xdp((packet) => {
  const frame = packet.at(Frame, 0);
  if (frame === null) return XDP_ABORTED;
  const first = frame.destination.first;
  const second = frame.destination.second;
  const third = frame.destination.third;
  frame.destination.first = frame.source.first;
  frame.destination.second = frame.source.second;
  frame.destination.third = frame.source.third;
  frame.source.first = first;
  frame.source.second = second;
  frame.source.third = third;
  return XDP_TX;
});
