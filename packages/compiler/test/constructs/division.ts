import type { Construct } from "./construct.ts";

/** Signed integers: towards 0, and the remainder has the dividend's sign, as JavaScript has it. */
export const division: readonly Construct[] = [
  {
    name: "of all signs",
    body: `
      const minus = ((0 - packet.length) as i32) - 3;
      const plus = -minus;
      const by: i32 = 10;
      return ((minus / by + 10) as u32) + ((plus / -by + 10) as u32) * 10 + ((minus / -by) as u32) * 100 + ((minus % by + 10) as u32) * 1000 + ((plus % -by) as u32) * 100_000;`,
    // -67 / 10 = -6, 67 / -10 = -6, -67 / -10 = 6, -67 % 10 = -7, 67 % -10 = 7
    verdicts: [4 + 40 + 600 + 3000 + 700_000],
  },
  {
    name: "by 0, and of the smallest number",
    body: `
      const zero = (packet.length - 64) as i32;
      const least = ((1 as u32) << (packet.length - 33)) as i32;
      return (((7 - 71) / zero) as u32) + ((-9 % zero + 10) as u32) * 10 + (least / -1 === least ? 1000 : 0) + ((least % -1) as u32) * 10_000;`,
    verdicts: [1010],
  },
  {
    name: "of other widths, and into variables",
    declarations: "let low: i8 = -100;\nlet wide: i64 = i64.of(-5_000_000_000n);\nlet middle: i16 = -1000;",
    body: `
      low /= 7;
      middle %= 300;
      wide /= 1_000_000_000;
      const rest = wide % 3;
      return ((low + 100) as u32) * 10_000 + ((middle + 200) as u32) * 10 + ((wide + 5) as u32) + ((rest + 3) as u32);`,
    // -14, -100, -5 and -2, from where they began
    verdicts: [86 * 10_000 + 1000 + 0 + 1],
  },
];
