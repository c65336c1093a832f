// A record of its own, passed to functions, changed, compared.
import { struct, u16, u32, type Value } from "@weir/bytecode/layout";
import { XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Words } from "../headers.ts";

const Point = struct({ x: u32, y: u32, weight: u16 });

function add(point: Value<typeof Point>, by: u32): void {
  point.x += by;
  point.y ^= point.x;
  point.weight = (point.weight + 1) as u16;
}

export const program = xdp((packet) => {
  const input = packet.at(Words, 0);
  if (input === null) return XDP_ABORTED;
  const point: Value<typeof Point> = { x: 1, y: 2, weight: 3 };
  for (let index: u32 = 0; index < 16; index += 1) {
    add(point, input.words[index]);
    if (point.y > point.x) point.y -= point.weight;
  }
  return point.x + point.y + point.weight;
});
