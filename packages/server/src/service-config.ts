import * as z from "zod";
import { parseListenAddress } from "./listen-address.ts";

const mode = z
  .enum(["auto", "drv", "skb", "hw"])
  .meta({ description: "how to attach: by the driver (drv), before the stack (skb), in the card (hw)" });

const interfaceName = z.string().min(1).meta({ description: "name of an interface" });

const listen = z
  .string()
  .refine((text) => parseListenAddress(text) !== undefined, {
    error: ({ input }) =>
      `${JSON.stringify(input)} is not an address to listen on: an IP address and a port, as in 127.0.0.1:9435 or [::1]:9435`,
  })
  .meta({ description: "IP address and port" });

/** What a configuration file of `weir serve` can say. All of it is optional: the command line may say it, too. */
export const serviceConfig = z
  .strictObject({
    interfaces: z
      .array(z.union([interfaceName, z.strictObject({ name: interfaceName, mode: mode.optional() })]))
      .min(1)
      .meta({ description: "what to watch" }),
    mode: mode.meta({ description: "how to attach where an interface says nothing else; default auto" }),
    listen,
    token_file: z.string().min(1).meta({ description: "file with the bearer token that requests must have" }),
    insecure: z.boolean().meta({ description: "listen beyond this machine without a token" }),
    top: z.int().min(0).max(10_000).meta({ description: "connections with series of their own, by bytes; default 50" }),
    interval: z.number().min(0.1).max(3600).meta({ description: "seconds between two events; default 1" }),
    connections: z
      .int()
      .min(1)
      .max(2 ** 24)
      .meta({ description: "room for so many connections, per IP version and CPU; default 10240" }),
    idle: z
      .number()
      .min(0)
      .max(365 * 24 * 3600)
      .meta({ description: "seconds after which silent connections make room; 0: never; default 60" }),
    sample: z
      .string()
      .regex(/^(flow:)?1\/[1-9]\d*$/, "one of N packets is 1/N, one of N connections flow:1/N")
      .meta({ description: "count in connections only one of N packets (1/N) or one of N connections (flow:1/N)" }),
    budget: z
      .string()
      .regex(/^\d+(\.\d+)?%$/, "a percentage of one CPU, such as 5%")
      .meta({ description: "sample packets so that the program of each interface takes at most that part of one CPU" }),
    statistics: z.boolean().meta({ description: "let the kernel measure what the program costs; default true" }),
  })
  .partial()
  .meta({ title: "weir serve", description: "configuration of weir serve" });

/** A configuration file of `weir serve` as data. */
export type ServiceConfig = z.output<typeof serviceConfig>;
