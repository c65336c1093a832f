import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { ADDRESSES } from "./stage.ts";

process.once("disconnect", () => process.exit());

const { ipv4, ipv6 } = ADDRESSES.server;

for (const [host, port, every] of [
  [ipv4, 80, 200],
  [ipv6, 443, 300],
  [ipv4, 8080, 700],
] as const) {
  setInterval(() => {
    const socket = connect({ host, port }, () => socket.write("GET / HTTP/1.0\r\n\r\n"));
    socket.resume().on("error", () => {});
  }, every);
}

for (const [type, address, every] of [
  ["udp4", ipv4, 20],
  ["udp6", ipv6, 40],
] as const) {
  const socket = createSocket(type).on("error", () => {});
  setInterval(() => socket.send("weir.example", 53, address), every);
}
