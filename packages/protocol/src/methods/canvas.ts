/** Pages that agents and operators publish (DEV-11), and the addresses under which they are shown for a while. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Count, Id, Open, Text, Time } from "../schema.ts";
import { BASE, method, OWN } from "./method.ts";

/** Sizes in bytes. */
export const CANVAS_LIMITS = {
  documents: 100,
  files: 64,
  fileBytes: 4_194_304,
  documentBytes: 8_388_608,
  pathCharacters: 200,
} as const;

/** Lower case, so that it is the same name on every file system. */
export const DocumentId = Type.String({ pattern: "^[a-z0-9][a-z0-9_-]{0,63}$" });

const CanvasDocument = Closed({
  documentId: Text,
  title: Type.Optional(Text),
  /** The session it was published for. */
  sessionKey: Type.Optional(Text),
  /** The only node that may show it. */
  nodeId: Type.Optional(Text),
  updatedAtMs: Time,
  bytes: Count,
  files: Type.Array(Closed({ path: Text, mimeType: Text, bytes: Count })),
  /** Goes behind a surface URL. */
  path: Text,
});

const SurfaceUrls = Closed({
  surface: Text,
  /** By the surface's name. Whoever has such an address may read what is behind it: do not log it. */
  pluginSurfaceUrls: Type.Record(Type.String(), Text),
  expiresAtMs: Type.Optional(Time),
});
/** `surface`: `canvas`. */
const surface = { surface: Id };

export const canvasMethods = {
  /** Publishes a document, or replaces one whole. It is shown from its `index.html`. */
  "canvas.document.put": method({
    params: Open({
      documentId: Type.Optional(DocumentId),
      title: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
      sessionKey: Type.Optional(Id),
      nodeId: Type.Optional(Id),
      files: Type.Array(
        /** Either `text` or `content`. */
        Open({
          /** E.g. `index.html` or `images/logo.png`. */
          path: Type.String({ minLength: 1, maxLength: CANVAS_LIMITS.pathCharacters }),
          text: Type.Optional(Type.String({ maxLength: CANVAS_LIMITS.fileBytes })),
          /** Base64. */
          content: Type.Optional(Type.String({ maxLength: Math.ceil(CANVAS_LIMITS.fileBytes / 3) * 4 })),
          /** One of those that this gateway serves; default by the path's ending. */
          mimeType: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
        }),
        { minItems: 1, maxItems: CANVAS_LIMITS.files },
      ),
    }),
    result: CanvasDocument,
    scope: "operator.write",
    role: "operator",
    since: OWN,
  }),
  /** The newest first. */
  "canvas.document.list": method({
    params: Open({ sessionKey: Type.Optional(Id), nodeId: Type.Optional(Id) }),
    result: Closed({ documents: Type.Array(CanvasDocument) }),
    scope: "operator.read",
    role: "operator",
    since: OWN,
  }),
  "canvas.document.remove": method({
    params: Open({ documentId: DocumentId }),
    result: Closed({ documentId: Text, removed: Type.Boolean() }),
    scope: "operator.write",
    role: "operator",
    since: OWN,
  }),
  /** A new address for a surface. `documentId`: good for that document only. */
  "plugin.surface.refresh": method({
    params: Open({ ...surface, documentId: Type.Optional(DocumentId) }),
    result: SurfaceUrls,
    scope: "operator.read",
    role: "operator",
    since: BASE,
  }),
  /** The same for a node that declares the surface among its `caps`. `observedUrl` is not believed. */
  "node.pluginSurface.refresh": method({
    params: Open({ ...surface, observedUrl: Type.Optional(Type.String({ maxLength: 2_048 })) }),
    result: SurfaceUrls,
    scope: null,
    role: "node",
    since: BASE,
  }),
};
