import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { ADDRESSES } from "./stage.ts";

// Without the process that started this one there is nothing to do.
process.once("disconnect", () => process.exit());

const PAGE = "x".repeat(20_000);

for (const port of [80, 443, 8080]) {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("data", () => socket.write(PAGE)).on("end", () => socket.end());
    socket.on("error", () => {});
  });
  server.listen(port, "::");
}

for (const [type, address] of [
  ["udp4", "0.0.0.0"],
  ["udp6", "::"],
] as const) {
  const socket = createSocket({ type, ipv6Only: type === "udp6" });
  socket.on("message", (message, from) => socket.send(message, from.port, from.address)).bind(53, address);
}

// Nobody listens on port 9 of the client, so that its kernel answers with ICMP errors.
for (const [type, address] of [
  ["udp4", ADDRESSES.client.ipv4],
  ["udp6", ADDRESSES.client.ipv6],
] as const) {
  const socket = createSocket(type).on("error", () => {});
  setInterval(() => socket.send("anybody there?", 9, address), 250);
}
