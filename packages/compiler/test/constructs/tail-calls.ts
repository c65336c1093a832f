import type { Construct } from "./construct.ts";

export const tailCalls: readonly Construct[] = [
  {
    name: "on as another program, with the packet as it is",
    body: `
      const Two = struct({ first: u8, second: u8 });
      let parsed: u32 = 0;
      export const count = xdp((packet) => {
        const two = packet.at(Two, 0);
        return two === null ? 0 : two.first * 1000 + parsed;
      });
      const STAGES = programArray({ programs: [count] });
      export const program = xdp((packet) => {
        const two = packet.at(Two, 0);
        if (two === null) return 0;
        two.first = 77;
        parsed += 5;
        STAGES.call(packet, 0);
        return 1;
      });`,
    verdicts: [77_005, 77_010],
  },
  {
    name: "where there is no program it goes on",
    body: `
      const STAGES = programArray({ maxEntries: 4 });
      const chosen = (packet: XdpPacket, index: u32): void => STAGES.call(packet, index);
      export const program = xdp((packet) => {
        chosen(packet, 2);
        STAGES.call(packet, packet.length);
        return 9;
      });`,
    verdicts: [9],
  },
  {
    name: "33 times, and not more",
    body: `
      let turns: u32 = 0;
      export const again = xdp((packet): XdpAction => {
        turns += 1;
        AGAIN.call(packet, 0);
        return turns;
      });
      const AGAIN = programArray({ programs: [again], maxEntries: 2 });
      export const program = xdp((packet) => {
        AGAIN.call(packet, 0);
        return 0;
      });`,
    verdicts: [33, 66],
  },
];
