/**
 * The schema builder, from the one place that depends on it: a built gateway then holds a single copy of it, in a
 * single file, instead of loading several hundred.
 */
export type { Static, TProperties, TSchema } from "typebox";
export { Type } from "typebox";
