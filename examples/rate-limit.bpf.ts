/** Lets each address send so many packets a second, with a bucket of tokens for each; drops the rest. */
import { be32, u32, type u64 } from "@weir/bytecode/layout";
import { config, lruHashMap, monotonicTime, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
import { ipv4Of } from "./ipv4.bpf.ts";
import { Bucket } from "./records.ts";

const perSecond = config("per_second", u32, 1000);
const burst = config("burst", u32, 100);

/** One token is a second, in nanoseconds: so nothing is rounded. */
const TOKEN = 1_000_000_000;
export const BUCKETS = lruHashMap({ key: be32, value: Bucket, maxEntries: 65_536 });

export const rate_limit = xdp((packet) => {
  const ip = ipv4Of(packet);
  if (ip === null) return XDP_PASS;
  const now = monotonicTime();
  const full = (burst as u64) * TOKEN;
  const bucket = BUCKETS.lookup(ip.source);
  if (bucket === null) {
    BUCKETS.update(ip.source, { tokens: full - TOKEN, filledAt: now, dropped: 0 });
    return XDP_PASS;
  }
  // After an hour any bucket is full: the product does not overflow.
  const idle = now - bucket.filledAt;
  const filled = bucket.tokens + (idle < 3600 * TOKEN ? idle * perSecond : full);
  const tokens = filled < full ? filled : full;
  bucket.filledAt = now;
  if (tokens < TOKEN) {
    bucket.tokens = tokens;
    bucket.dropped += 1;
    return XDP_DROP;
  }
  bucket.tokens = tokens - TOKEN;
  return XDP_PASS;
});
