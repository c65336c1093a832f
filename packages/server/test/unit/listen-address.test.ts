import { expect, test } from "vitest";
import { isLoopback, listenAddressText, parseListenAddress } from "../../src/listen-address.ts";

test.for([
  ["127.0.0.1:9435", { host: "127.0.0.1", port: 9435 }],
  ["[2001:db8::1]:80", { host: "2001:db8::1", port: 80 }],
  ["localhost:0", { host: "localhost", port: 0 }],
] as const)("%s is an address to listen on", ([text, address]) => {
  expect(parseListenAddress(text)).toEqual(address);
  expect(listenAddressText(address)).toBe(text);
});

test.for([
  "127.0.0.1",
  ":9435",
  "9435",
  "127.1:80",
  "010.0.0.1:80",
  "::1:80",
  "[127.0.0.1]:80",
  "[::1]",
  "weir.example:80",
  "127.0.0.1:65536",
  "127.0.0.1:-1",
  "127.0.0.1:80 ",
])("%j is none", (text) => {
  expect(parseListenAddress(text)).toBeUndefined();
});

test.for([
  ["localhost", true],
  ["127.0.0.1", true],
  ["127.255.0.9", true],
  ["::1", true],
  ["0.0.0.0", false],
  ["::", false],
  ["192.0.2.1", false],
  ["localhost.example", false],
] as const)("whether only this machine reaches %s: %s", ([host, expected]) => {
  expect(isLoopback(host)).toBe(expected);
});
