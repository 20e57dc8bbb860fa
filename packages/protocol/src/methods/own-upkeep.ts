/** Ours: backup and files. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Count, Id, Open, Text } from "../schema.ts";
import { method, OWN } from "./method.ts";

export const ownUpkeepMethods = {
  /** Writes a consistent copy of the store into the state directory's `backups`. `name`: a file name, no path. */
  "backup.create": method({
    params: Open({
      name: Type.Optional(Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$" })),
    }),
    result: Closed({ path: Text, bytes: Count, durationMs: Count }),
    scope: "operator.admin",
    role: "operator",
    since: OWN,
    controlPlane: true,
  }),

  /** Stores a file for a later `chat.send`. `content`: base64. */
  "media.put": method({
    params: Open({
      content: Text,
      mimeType: Type.Optional(Type.String({ maxLength: 256 })),
      fileName: Type.Optional(Type.String({ maxLength: 512 })),
    }),
    result: Closed({ blob: Text, sizeBytes: Count, mimeType: Type.Optional(Type.String()) }),
    scope: "operator.write",
    role: "operator",
    since: OWN,
  }),
  /** A piece of a stored file, at most 4 MiB; `content`: base64. */
  "media.get": method({
    params: Open({
      blob: Id,
      offset: Type.Optional(Count),
      length: Type.Optional(Type.Integer({ minimum: 1, maximum: 4_194_304 })),
    }),
    result: Closed({
      content: Type.String(),
      offset: Count,
      sizeBytes: Count,
      mimeType: Type.Optional(Type.String()),
      fileName: Type.Optional(Type.String()),
    }),
    scope: "operator.read",
    role: "operator",
    since: OWN,
  }),
};
