import type { Check } from "./check.ts";

/** A GET is answered with one of the statuses that are right. */
export const httpCheck: Check = async ({ address, family, port, timeout, config }) => {
  // Loaded by the first check: it takes longer than everything else that a balancer needs.
  const { request } = await import("node:http");
  const [from, to] = config.status;
  await new Promise<void>((resolve, reject) => {
    const name = family === 6 ? `[${address}]` : address;
    const headers = { host: config.host ?? `${name}:${port}`, connection: "close", "user-agent": "weir" };
    const asked = request({ host: address, port, path: config.path, headers, agent: false, timeout }, (answer) => {
      const status = answer.statusCode ?? 0;
      answer.destroy();
      if (status >= from && status <= to) resolve();
      else reject(new Error(`HTTP status ${status}`));
    });
    const timer = setTimeout(() => asked.destroy(new Error(`no answer within ${timeout} ms`)), timeout);
    asked.once("error", reject);
    asked.once("close", () => clearTimeout(timer));
    asked.end();
  });
};
