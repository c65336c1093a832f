import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { ADDRESSES } from "./stage.ts";

// Without the process that started this one there is nothing to do.
process.once("disconnect", () => process.exit());

const { ipv4, ipv6 } = ADDRESSES.server;
const REQUEST = "GET / HTTP/1.1\r\n\r\n";

// Three conversations that go on, and a short one every half second.
for (const [host, port, every] of [
  [ipv4, 80, 30],
  [ipv6, 443, 50],
  [ipv4, 8080, 90],
] as const) {
  const socket = connect({ host, port }).on("error", () => {});
  socket.resume();
  setInterval(() => socket.write(REQUEST), every);
}
setInterval(() => {
  const socket = connect({ host: ipv4, port: 8080 }, () => socket.end(REQUEST)).on("error", () => {});
  socket.resume();
}, 500);

for (const [type, address, every] of [
  ["udp4", ipv4, 20],
  ["udp6", ipv6, 40],
] as const) {
  const socket = createSocket(type).on("error", () => {});
  setInterval(() => socket.send("weir.example", 53, address), every);
}
