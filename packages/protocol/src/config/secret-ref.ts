import { type Static, Type } from "@switchboard/domain/schema";

/** A secret: literally, or the name of the environment variable that holds it. */
export const SecretRef = Type.Union([
  Type.String({ minLength: 1 }),
  Type.Object({ env: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
]);
export type SecretRef = Static<typeof SecretRef>;
