/** Building blocks of the wire's schemas. */
import { type TProperties, Type } from "@switchboard/domain/schema";

/** What we send: only documented fields. */
export const Closed = <P extends TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

/** What we are sent: fields we do not know are ignored, since clients are often newer than we are. */
export const Open = <P extends TProperties>(properties: P) => Type.Object(properties);

/** A string that says something. */
export const Text = Type.String({ minLength: 1 });

/** A short identifier from outside. */
export const Id = Type.String({ minLength: 1, maxLength: 512 });

/** A count or a number of milliseconds, bytes and the like. */
export const Count = Type.Integer({ minimum: 0 });

/** Unix milliseconds. */
export const Time = Type.Integer({ minimum: 0, description: "Unix milliseconds." });

/** The caller's own id of a side effect: the same one again is the same effect. */
export const IdempotencyKey = Type.String({ minLength: 1, maxLength: 256 });

/** The tail of a list's parameters. */
export const pageFields = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: "Default 50." })),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 512, description: "The `cursor` of the page before." })),
};

/** Present while there is a further page. */
export const cursorField = { cursor: Type.Optional(Text) };
