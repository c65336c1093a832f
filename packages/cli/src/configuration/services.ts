import { MAGLEV_SIZE, type ServicesConfig, servicesMistakes } from "@weir/engine";
import * as z from "zod";

const address = z.string().min(1);
const port = z.int().min(1).max(65_535);
const seconds = (least: number) => z.number().min(least).max(3600);

const health = z
  .strictObject({
    type: z.enum(["tcp", "http", "icmp"]).meta({
      description: "tcp: a connection can be opened; http: a GET is answered; icmp: an echo comes back",
    }),
    port: port.optional().meta({ description: "the port that is asked; by default the service's" }),
    path: z.string().startsWith("/").default("/").meta({ description: "what HTTP asks for" }),
    host: z.string().min(1).optional().meta({ description: "the Host that HTTP names; by default the address" }),
    status: z
      .union([z.int().min(100).max(599), z.tuple([z.int().min(100).max(599), z.int().min(100).max(599)])])
      .default([200, 399])
      .meta({ description: "the HTTP status that is right, or from and to" }),
    interval: seconds(0.05).default(2).meta({ description: "seconds from one check to the next" }),
    timeout: seconds(0.01).default(1).meta({ description: "seconds after which a check has failed" }),
    rise: z.int().min(1).default(2).meta({ description: "good answers that bring a backend back" }),
    fall: z.int().min(1).default(3).meta({ description: "failures that take a backend out" }),
  })
  .meta({ description: "how backends are checked; without it they count as up" });

const backend = z.strictObject({
  address: address.meta({ description: "IP address of the backend" }),
  weight: z.int().min(0).max(65_535).default(1).meta({ description: "its share of new flows; 0: none" }),
  drain: z.boolean().default(false).meta({ description: "no new flows; those that are there go on" }),
  mac: z
    .string()
    .optional()
    .meta({ description: "hardware address of the next hop, when the kernel shall not be asked" }),
  interface: z.string().min(1).optional().meta({ description: "with mac: the interface that leads there" }),
});

const service = z.strictObject({
  name: z.string().min(1).max(64),
  address: address.meta({ description: "the virtual address, IPv4 or IPv6" }),
  protocol: z.enum(["tcp", "udp"]),
  port: z.union([port, z.literal("all")]),
  delivery: z.enum(["mac", "tunnel"]).default("mac").meta({
    description: "mac: to the backend's hardware address on the same segment; tunnel: in IPIP, or IPv6 in IPv6",
  }),
  all_down: z
    .enum(["drop", "pass"])
    .default("drop")
    .meta({ description: "what becomes of packets that no backend can take" }),
  health: health.optional(),
  backends: z.array(backend).min(1),
});

/** What the configuration of `weir balance services` can say. */
export const servicesConfiguration = z
  .strictObject({
    seed: z.string().min(1).optional().meta({ description: "balancers with the same seed choose the same backends" }),
    table: z
      .int()
      .min(3)
      .max(1_000_003)
      .default(MAGLEV_SIZE)
      .meta({ description: "entries of a Maglev table: a prime" }),
    connections: z
      .strictObject({
        capacity: z
          .int()
          .min(8)
          .max(2 ** 26)
          .default(65_536)
          .meta({ description: "connections that are remembered" }),
        idle: z
          .number()
          .min(1)
          .max(30_000)
          .default(300)
          .meta({ description: "seconds without packets that a connection is kept" }),
      })
      .prefault({}),
    capacity: z
      .strictObject({
        services: z.int().min(1).max(4096).optional(),
        backends: z.int().min(1).max(65_000).optional(),
      })
      .prefault({})
      .meta({ description: "room for what later configurations have; by default twice what this one has" }),
    source: z
      .strictObject({ ipv4: address.optional(), ipv6: address.optional() })
      .prefault({})
      .meta({ description: "outer source addresses of tunnels" }),
    services: z.array(service).min(1),
  })
  .meta({ title: "weir balance services", description: "configuration of weir balance services" })
  .superRefine((file, context) => {
    for (const { path, message } of servicesMistakes(toServicesConfig(file))) {
      context.addIssue({ code: "custom", path: [...path], message, input: file });
    }
  });

type File = z.output<typeof servicesConfiguration>;

/** The configuration as the engine has it. */
export function toServicesConfig(file: File): ServicesConfig {
  return {
    ...file,
    services: file.services.map(({ all_down, health: check, ...rest }) => ({
      ...rest,
      allDown: all_down,
      health: check && {
        ...check,
        status: typeof check.status === "number" ? [check.status, check.status] : check.status,
      },
    })),
  };
}
