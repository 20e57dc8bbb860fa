/** What the sections of the configuration are made of. */
import { Type } from "@switchboard/domain/schema";

/** Of an object: what nobody knows is a mistake, not ignored. */
export const strict = { additionalProperties: false } as const;

export const Milliseconds = (fallback: number, description: string) =>
  Type.Integer({ minimum: 0, default: fallback, description });

/** So many a second, and so many at once. */
export const Rate = (options: { readonly description?: string } = {}) =>
  Type.Object(
    { perSecond: Type.Number({ exclusiveMinimum: 0 }), burst: Type.Integer({ minimum: 1 }) },
    { ...strict, ...options },
  );
