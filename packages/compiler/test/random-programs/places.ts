import type { RandomRecord, Scalar } from "./records.ts";
import type { RecordPlace, Scope } from "./scope.ts";
import type { Values } from "./values.ts";

/** A scalar that a name leads to. */
export interface ScalarPlace {
  readonly text: string;
  readonly type: Scalar;
  readonly mutable: boolean;
}

/** Memory that is the program's own: what lies in the packet is changed by plain stores only. */
export const isOwn = (lies: RecordPlace): boolean => lies !== "packet";

/** An index may vary: in the packet only where its end is known, which a function of its own is not told. */
export const mayVary = (lies: RecordPlace, { frame }: Scope): boolean => lies !== "packet" || !frame.separate;

/** All scalars in reach: variables, fields, elements. */
export function scalarPlaces(scope: Scope, values: Values): readonly ScalarPlace[] {
  const variables = scope.variables.flatMap(({ name, type, mutable }) =>
    type === "boolean" ? [] : [{ text: name, type, mutable }],
  );
  const fields = scope.records.flatMap(({ name, record, lies }) => inRecord(name, record, lies, scope, values));
  const elements = scope.arrays.flatMap(({ name, element, length, lies }) =>
    inElement(`${name}[${index(length, lies, scope, values)}]`, element, lies, scope, values),
  );
  return [...variables, ...fields, ...elements];
}

function inRecord(
  prefix: string,
  { fields }: RandomRecord,
  lies: RecordPlace,
  scope: Scope,
  values: Values,
): readonly ScalarPlace[] {
  return fields.flatMap(({ name, of }) => {
    const text = `${prefix}.${name}`;
    if (of.kind === "scalar") return [{ text, type: of.type, mutable: true }];
    if (of.kind === "record") return inRecord(text, of.record, lies, scope, values);
    return inElement(`${text}[${index(of.length, lies, scope, values)}]`, of.element, lies, scope, values);
  });
}

function inElement(
  text: string,
  element: Scalar | RandomRecord,
  lies: RecordPlace,
  scope: Scope,
  values: Values,
): readonly ScalarPlace[] {
  if (typeof element === "string") return [{ text, type: element, mutable: true }];
  return inRecord(text, element, lies, scope, values);
}

/** A number below a power of two: constant, or a masked variable. */
function index(length: number, lies: RecordPlace, scope: Scope, { random }: Values): string {
  const variables = scope.variables.filter(
    ({ type }) => type === "u8" || type === "u16" || type === "u32" || type === "u64",
  );
  const [first, ...rest] = variables;
  if (first !== undefined && mayVary(lies, scope) && random.chance(60)) {
    return `${random.pick([first, ...rest]).name} & ${length - 1}`;
  }
  return String(random.below(length));
}
