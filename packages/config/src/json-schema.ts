import * as z from "zod";

/** A part of a JSON schema, as far as this package looks into it. */
export type SchemaNode = z.core.JSONSchema.BaseSchema;

/**
 * The JSON schema (draft 2020-12) of a configuration, with which editors check it and complete it.
 *
 * @example
 * ```ts
 * jsonSchema(z.strictObject({ top: z.int().meta({ description: "series" }) })).properties;
 * ```
 */
export function jsonSchema(schema: z.ZodType): SchemaNode {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
}
