import { readFileSync } from "node:fs";
import { ConfigError, jsonSchema, parseConfig } from "@weir/config";
import { describe, expect, test } from "vitest";
import { servicesConfiguration, toServicesConfig } from "../../src/configuration/services.ts";

function mistakes(text: string): string[] {
  try {
    parseConfig(text, "services.yaml", servicesConfiguration);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
  return [];
}

/** A file with one service, of which some lines are others. */
function file(lines: Readonly<Record<string, string>> = {}): string {
  const service = {
    name: "web",
    address: "203.0.113.1",
    protocol: "tcp",
    port: "80",
    backends: "[{ address: 192.0.2.11 }]",
    ...lines,
  };
  const [first = "", ...rest] = Object.entries(service).map(([key, value]) => `${key}: ${value}`);
  return `services:\n  - ${first}\n${rest.map((line) => `    ${line}\n`).join("")}`;
}

describe("the configuration of weir balance services", () => {
  test("that the documentation shows is right, and complete with its defaults", () => {
    const document = readFileSync(new URL("../../../../docs/services.md", import.meta.url), "utf8");
    const [, example = ""] = /^```yaml\n(.*?)^```$/ms.exec(document) ?? [];
    const config = toServicesConfig(parseConfig(example, "services.yaml", servicesConfiguration));
    expect(config).toMatchObject({ table: 65_537, connections: { capacity: 65_536, idle: 300 } });
    const [web, names, rest] = config.services;
    expect(web).toMatchObject({ delivery: "mac", allDown: "drop", health: { type: "tcp", rise: 2, fall: 3 } });
    expect(web?.backends.map(({ weight, drain }) => [weight, drain])).toEqual([
      [2, false],
      [1, false],
      [1, true],
    ]);
    expect(names).toMatchObject({ delivery: "tunnel", allDown: "pass", health: { type: "icmp" } });
    expect(rest).toMatchObject({ port: "all", health: { status: [204, 204], path: "/alive", port: 8080 } });
  });

  test.for([
    [file({ adress: "203.0.113.1" }), /^services.yaml:7:5: services\[0\]: unknown key "adress"/],
    [file({ address: "203.0.113" }), 'services.yaml:3:14: services[0].address: "203.0.113" is no IP address'],
    [file({ address: "010.0.0.1" }), 'services.yaml:3:14: services[0].address: "010.0.0.1" is no IP address'],
    [file({ port: "0" }), /^services.yaml:5:11: services\[0\]\.port: /],
    [
      file({ backends: "[{ address: 192.0.2.11 }, { address: 192.0.2.11 }]" }),
      "services.yaml:6:52: services[0].backends[1].address: backends[0] has this address already",
    ],
    [
      file({ backends: '[{ address: "2001:db8::1" }]' }),
      "services.yaml:6:27: services[0].backends[0].address: the service has an IPv4 address, and this is IPv6",
    ],
    [
      file({ backends: "[{ address: 192.0.2.11, weight: 0 }]" }),
      "services.yaml:6:15: services[0].backends: the weights of all backends are 0: no flow could go anywhere",
    ],
    [
      file({ backends: "[{ address: 203.0.113.1 }]" }),
      "services.yaml:6:27: services[0].backends[0].address: this is the address of a service: packets would come back for ever",
    ],
    [file({ backends: "[]" }), /^services.yaml:6:15: services\[0\]\.backends: /],
    [
      file({ backends: "[{ address: 192.0.2.11, mac: 02-00-00-00-00-01 }]" }),
      'services.yaml:6:44: services[0].backends[0].mac: "02-00-00-00-00-01" is no hardware address: write it as in 02:00:5e:10:00:01',
    ],
    [
      file({ delivery: "tunnel" }),
      "services.yaml:7:15: services[0].delivery: a tunnel needs an outer source address: set source.ipv4",
    ],
    [
      file({ port: "all", health: "{ type: tcp }" }),
      "services.yaml:7:13: services[0].health: a service with all ports has none that could be checked: set health.port",
    ],
    [
      `table: 65536\n${file()}`,
      "services.yaml:1:8: table: the size of a Maglev table must be a prime number; 65537 is one",
    ],
    [
      `${file()}${file({ name: "other", address: "203.0.113.1" }).replace("services:\n", "")}`,
      "services.yaml:8:14: services[1].address: services[0] has this address, protocol and port already",
    ],
    [
      `${file()}${file({ address: "203.0.113.2" }).replace("services:\n", "")}`,
      'services.yaml:7:11: services[1].name: services[0] has the name "web" already',
    ],
  ] as const)("%j is refused with its place", ([text, expected]) => {
    const found = mistakes(text);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  test("takes a service of all ports beside one of them, and the same port of the other protocol", () => {
    const all = file({ name: "all", port: "all" }).replace("services:\n", "");
    const udp = file({ name: "udp", protocol: "udp" }).replace("services:\n", "");
    expect(mistakes(`${file()}${all}${udp}`)).toEqual([]);
  });

  test("has a JSON schema", () => {
    expect(jsonSchema(servicesConfiguration)).toMatchObject({
      additionalProperties: false,
      required: ["services"],
      properties: { services: { items: { required: ["name", "address", "protocol", "port", "backends"] } } },
    });
  });
});
