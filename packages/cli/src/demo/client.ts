import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { ADDRESSES } from "./stage.ts";

// Without the process that started this one there is nothing to do.
process.once("disconnect", () => process.exit());

const { ipv4, ipv6 } = ADDRESSES.server;
const REQUEST = "GET / HTTP/1.1\r\n\r\n";

/** A conversation that goes on, and begins again should it end: the server may not be there yet. */
function converse(host: string, port: number, every: number): void {
  const socket = connect({ host, port });
  const timer = setInterval(() => socket.write(REQUEST), every);
  socket.resume().on("error", () => {});
  socket.on("close", () => {
    clearInterval(timer);
    setTimeout(converse, 100, host, port, every);
  });
}

converse(ipv4, 80, 30);
converse(ipv6, 443, 50);
converse(ipv4, 8080, 90);

// And a short one every half second.
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
