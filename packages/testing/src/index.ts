export { internetChecksum } from "./packet/checksum.ts";
export { ethernet, Packet } from "./packet/packet.ts";
export { VERDICTS, type Verdict } from "./verdict.ts";
