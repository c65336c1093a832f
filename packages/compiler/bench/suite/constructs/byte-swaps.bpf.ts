// Numbers of 16, 32 and 64 bits out of network byte order and back.
import { array, be16, be32, be64, struct, type u32, type u64 } from "@weir/bytecode/layout";
import { htonl, htons, ntohl, ntohll, ntohs, XDP_ABORTED, xdp } from "@weir/compiler/language";

const Numbers = struct({ halves: array(be16, 4), words: array(be32, 4), longs: array(be64, 4) });

export const program = xdp((packet) => {
  const input = packet.at(Numbers, 0);
  if (input === null) return XDP_ABORTED;
  let sum: u64 = 0;
  for (let index: u32 = 0; index < 4; index += 1) {
    sum += ntohs(input.halves[index]);
    sum += ntohl(input.words[index]);
    sum += ntohll(input.longs[index]);
    if (input.halves[index] === htons(0x0800)) sum += 1;
    if (input.words[index] === htonl(0xc000_0201)) sum += 2;
  }
  return (sum >> 16) as u32;
});
