import { type IpPacket, ipPacketOf } from "@weir/rules";
import type { SshSession } from "../rules/ssh-session.ts";
import { endsOf } from "./dropped-connections.ts";
import type { SessionEffect } from "./effect.ts";

const TCP = 6;

/** What becomes of the frames of a session. */
export class SessionFrames {
  readonly #session: SshSession;
  #frames = 0;
  #dropped = 0;

  constructor(session: SshSession) {
    this.#session = session;
  }

  add(frame: Uint8Array, isDropped: boolean): void {
    const packet = ipPacketOf(frame);
    if (packet === undefined || !this.#has(packet)) return;
    this.#frames += 1;
    if (isDropped) this.#dropped += 1;
  }

  #has(packet: IpPacket): boolean {
    const { source, sourcePort, destination, destinationPort } = this.#session;
    // Numbers first: most frames are of other connections, and texts take time.
    if (packet.protocol !== TCP || packet.ports !== sourcePort * 0x1_0000 + destinationPort) return false;
    const ends = endsOf(packet);
    return ends.source === withoutZone(source) && ends.destination === withoutZone(destination);
  }

  get result(): SessionEffect {
    return { ...this.#session, frames: this.#frames, dropped: this.#dropped };
  }
}

/** `fe80::1` of `fe80::1%eth0`. */
const withoutZone = (address: string): string => address.replace(/%.*/, "");
