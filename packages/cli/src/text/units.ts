const PREFIXES = ["", "k", "M", "G", "T", "P", "E"] as const;

/** `14,808`; from 100,000 on three digits and a prefix: `1.23M`. */
export function formatCount(value: bigint | number): string {
  const number = Number(value);
  // Node would load tables of all the world's languages first, in 15 ms.
  if (number < 100_000) return String(Math.round(number)).replace(/\B(?=(?:\d{3})+$)/g, ",");
  const { digits, prefix } = scale(number);
  return `${digits}${prefix}`;
}

/** Decimal units: `842 B`, `1.23 kB`, `45.6 MB`. */
export function formatBytes(value: bigint | number): string {
  const { digits, prefix } = scale(Number(value));
  return `${digits} ${prefix}B`;
}

/** Packets per second: `0.5/s`, `12/s`, `1.23M/s`. */
export function formatRate(perSecond: number): string {
  return `${perSecond < 10 && perSecond > 0 ? perSecond.toFixed(1) : formatCount(perSecond)}/s`;
}

/** A part of a whole: `12 %`, `4.8 %`, `0.05 %`. */
export function formatPercent(part: number): string {
  const percent = part * 100;
  const decimals = percent === 0 || percent >= 9.95 ? 0 : percent < 0.095 ? 2 : 1;
  return `${percent.toFixed(decimals)} %`;
}

/** Bytes per second as the bits per second that links are sold by: `9.87 Mbit/s`. */
export function formatBitRate(bytesPerSecond: number): string {
  const { digits, prefix } = scale(bytesPerSecond * 8);
  return `${digits} ${prefix}bit/s`;
}

/** `12 s`, `3 min 05 s`, `2 h 03 min`, `4 d 05 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${two((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86_400)} d ${two((whole % 86_400) / 3600)} h`;
}

/** `1 packet`, `2 packets`. */
export function plural(count: bigint | number, noun: string): string {
  return `${formatCount(count)} ${noun}${Number(count) === 1 ? "" : "s"}`;
}

/** Three significant digits and the decimal prefix that makes them the shortest. */
function scale(value: number): { digits: string; prefix: string } {
  let [scaled, step] = [value, 0];
  // From 999.5 on three digits would round to "1000".
  while (scaled >= 999.5 && step < PREFIXES.length - 1) {
    scaled /= 1000;
    step++;
  }
  if (step === 0) return { digits: String(Math.round(scaled)), prefix: "" };
  const decimals = scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0;
  return { digits: scaled.toFixed(decimals), prefix: PREFIXES[step] ?? "" };
}
