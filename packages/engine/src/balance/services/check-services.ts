import { parseAddress } from "./ip-address.ts";
import type { BackendConfig, ServiceConfig, ServicesConfig, ServicesMistake } from "./services-config.ts";

/** Numbers of services and backends have 16 bits, of which some mean something else. */
const MOST_SERVICES = 4096;
const MOST_BACKENDS = 65_000;

/** What is wrong with a configuration that has the right shape: overlapping services, addresses that do not fit together… */
export function servicesMistakes(config: ServicesConfig): ServicesMistake[] {
  const mistakes: ServicesMistake[] = [];
  const report = (path: readonly (string | number)[], message: string) => mistakes.push({ path, message });
  if (!isPrime(config.table))
    report(["table"], `the size of a Maglev table must be a prime number; ${nearbyPrime(config.table)} is one`);
  for (const family of ["ipv4", "ipv6"] as const) {
    const text = config.source[family];
    if (text !== undefined && parseAddress(text)?.family !== (family === "ipv4" ? 4 : 6)) {
      report(["source", family], `"${text}" is no ${family === "ipv4" ? "IPv4" : "IPv6"} address`);
    }
  }
  if (config.services.length > MOST_SERVICES) report(["services"], `there may be ${MOST_SERVICES} services at most`);
  const backends = config.services.reduce((sum, service) => sum + service.backends.length, 0);
  if (backends > MOST_BACKENDS)
    report(["services"], `there may be ${MOST_BACKENDS} backends at most, and there are ${backends}`);

  const names = new Map<string, number>();
  const places = new Map<string, number>();
  const virtual = new Set(config.services.map(({ address }) => parseAddress(address)?.key));
  for (const [index, service] of config.services.entries()) {
    const path = ["services", index];
    const other = names.get(service.name);
    if (other !== undefined) report([...path, "name"], `services[${other}] has the name "${service.name}" already`);
    names.set(service.name, other ?? index);
    const address = parseAddress(service.address);
    if (address === undefined) {
      report([...path, "address"], `"${service.address}" is no IP address`);
      continue;
    }
    const place = `${address.key} ${service.protocol} ${service.port}`;
    const before = places.get(place);
    if (before !== undefined)
      report([...path, "address"], `services[${before}] has this address, protocol and port already`);
    places.set(place, before ?? index);
    const needed = address.family === 4 ? "ipv4" : "ipv6";
    if (service.delivery === "tunnel" && config.source[needed] === undefined) {
      report([...path, "delivery"], `a tunnel needs an outer source address: set source.${needed}`);
    }
    if (
      service.health !== undefined &&
      service.health.type !== "icmp" &&
      service.port === "all" &&
      service.health.port === undefined
    ) {
      report([...path, "health"], "a service with all ports has none that could be checked: set health.port");
    }
    for (const mistake of backendMistakes(service, address.family, virtual)) {
      report([...path, ...mistake.path], mistake.message);
    }
  }
  return mistakes;
}

function* backendMistakes(
  service: ServiceConfig,
  family: 4 | 6,
  virtual: ReadonlySet<string | undefined>,
): Generator<ServicesMistake> {
  const known = new Map<string, number>();
  for (const [index, backend] of service.backends.entries()) {
    const path = ["backends", index];
    const address = parseAddress(backend.address);
    if (address === undefined) {
      yield { path: [...path, "address"], message: `"${backend.address}" is no IP address` };
      continue;
    }
    if (address.family !== family) {
      yield {
        path: [...path, "address"],
        message: `the service has an IPv${family} address, and this is IPv${address.family}`,
      };
    }
    if (virtual.has(address.key)) {
      yield {
        path: [...path, "address"],
        message: "this is the address of a service: packets would come back for ever",
      };
    }
    const other = known.get(address.key);
    if (other !== undefined)
      yield { path: [...path, "address"], message: `backends[${other}] has this address already` };
    known.set(address.key, other ?? index);
    yield* macMistakes(backend, path);
  }
  if (service.backends.length > 0 && service.backends.every(({ weight }) => weight === 0)) {
    yield { path: ["backends"], message: "the weights of all backends are 0: no flow could go anywhere" };
  }
}

function* macMistakes(
  { mac, interface: device }: BackendConfig,
  path: readonly (string | number)[],
): Generator<ServicesMistake> {
  if (mac !== undefined && !/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(mac)) {
    yield { path: [...path, "mac"], message: `"${mac}" is no hardware address: write it as in 02:00:5e:10:00:01` };
  } else if (mac !== undefined && (Number.parseInt(mac, 16) & 1) === 1) {
    yield { path: [...path, "mac"], message: `"${mac}" is the address of a group, not of a backend` };
  }
  if (mac === undefined && device !== undefined) {
    yield { path: [...path, "interface"], message: "the kernel says which interface leads there, unless mac is given" };
  }
}

function isPrime(number: number): boolean {
  if (number < 2) return false;
  for (let factor = 2; factor * factor <= number; factor++) if (number % factor === 0) return false;
  return true;
}

function nearbyPrime(number: number): number {
  let candidate = Math.max(number, 2);
  while (!isPrime(candidate)) candidate += 1;
  return candidate;
}
