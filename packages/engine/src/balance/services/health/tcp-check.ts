import { connect } from "node:net";
import type { Check } from "./check.ts";

/** A connection can be opened. */
export const tcpCheck: Check = ({ address, port, timeout }) =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: address, port });
    const end = (error?: Error) => {
      clearTimeout(timer);
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    const timer = setTimeout(() => end(new Error(`no connection within ${timeout} ms`)), timeout);
    socket.once("connect", () => end());
    socket.once("error", end);
  });
