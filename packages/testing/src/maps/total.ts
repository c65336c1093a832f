import { type Decoded, type Layout, visibleFields } from "@weir/bytecode/layout";

/** The sums of the numbers in values of one layout. */
export function totalOf<L extends Layout>(layout: L, values: readonly Decoded<L>[]): Decoded<L> {
  // It is built as the layout says, which the type checker cannot follow.
  return sum(layout, values) as Decoded<L>;
}

function sum(layout: Layout, values: readonly unknown[]): unknown {
  switch (layout.kind) {
    case "scalar":
      return layout.size === 8
        ? values.reduce<bigint>((total, value) => total + (typeof value === "bigint" ? value : 0n), 0n)
        : values.reduce<number>((total, value) => total + Number(value), 0);
    case "array":
      return Array.from({ length: layout.length }, (_, index) =>
        sum(
          layout.element,
          values.map((value) => part(value, index)),
        ),
      );
    case "struct":
      return Object.fromEntries(
        visibleFields(layout).map((field) => [
          field.name,
          sum(
            field.layout,
            values.map((value) => part(value, field.name)),
          ),
        ]),
      );
    case "bytes":
      throw new TypeError("bytes have no sum: look at the values of each CPU");
  }
}

function part(value: unknown, name: string | number): unknown {
  if (typeof value !== "object" || value === null) throw new TypeError("the value is not of its layout's shape");
  return Reflect.get(value, name);
}
