import type { Feature } from "../feature.ts";

const NETWORK = ["be16", "be32", "be64"] as const;
const TO_HOST = { be16: "ntohs", be32: "ntohl", be64: "ntohll" };

/** What is in network order: to convert, to compare, to mask. */
export const byteOrder: Feature = {
  words: ["htons", "htonl", "htonll", "ntohs", "ntohl", "ntohll"],
  expressions: [
    [
      1,
      (type, scope, _depth, { random, values }) => {
        const network = random.pick(NETWORK);
        const place = values.place(scope, (candidate) => candidate === network);
        return place && `(${TO_HOST[network]}(${place.text}) as ${type})`;
      },
    ],
    // Two that are put together as bits are.
    [
      1,
      (type, scope, depth, { random, values }) => {
        const network = random.pick(NETWORK);
        const both = [0, 1].map(() => `${TO_HOST[network]}(${values.network(network, scope, depth - 1)})`);
        return `((${both.join(` ${random.pick(["&", "|", "^"])} `)}) as ${type})`;
      },
    ],
  ],
  conditions: [
    [
      1,
      (scope, depth, { random, values }) => {
        const type = random.pick(NETWORK);
        const place = values.place(scope, (candidate) => candidate === type);
        if (place === undefined) return undefined;
        const right = random.chance(20) ? "0" : values.network(type, scope, depth - 1);
        return `(${place.text} ${random.pick(["===", "!=="])} ${right})`;
      },
    ],
  ],
};
