/** `canvas.document.*`, and new addresses for what clients are shown (DEV-11). */
import { SwitchboardError } from "@switchboard/domain";
import { CANVAS_LIMITS, type Params } from "@switchboard/protocol";
import { documentPath } from "../canvas/addresses.ts";
import type { Capabilities } from "../canvas/capabilities.ts";
import type { CanvasDocuments } from "../canvas/documents.ts";
import { CANVAS } from "../canvas/listener.ts";
import type { Manifest } from "../canvas/manifest.ts";
import { surfaceUrl } from "../canvas/surface.ts";
import type { CallContext, Handlers } from "../ws/index.ts";
import type { MethodDeps } from "./deps.ts";

export interface Canvas {
  readonly documents: CanvasDocuments;
  readonly capabilities: Capabilities;
}

type GivenFile = Params<"canvas.document.put">["files"][number];

export function canvasMethods({ canvas: { capabilities, documents } }: Pick<MethodDeps, "canvas">): Handlers {
  return {
    "canvas.document.put": async ({ documentId, files, nodeId, sessionKey, title }, { tenant }) => {
      const decoded = files.map((file) => ({ ...file, content: contentOf(file) }));
      return shape(await documents.put(tenant, { id: documentId, title, sessionKey, nodeId, files: decoded }));
    },

    "canvas.document.list": async ({ nodeId, sessionKey }, { tenant }) => {
      const all = await documents.list(tenant);
      const fitting = all
        .filter((each) => nodeId === undefined || each.nodeId === nodeId)
        .filter((each) => sessionKey === undefined || each.sessionKey === sessionKey);
      return { documents: fitting.map(shape) };
    },

    "canvas.document.remove": async ({ documentId }, { tenant }) => ({
      documentId,
      removed: await documents.remove(tenant, documentId),
    }),

    "plugin.surface.refresh": ({ documentId, surface }, context) => refreshed(surface, context, documentId),
    "node.pluginSurface.refresh": ({ surface }, context) => refreshed(surface, context),
  };

  function refreshed(surface: string, context: CallContext, document?: string) {
    const { authority, connection, signal } = context;
    const isOffered = surface === CANVAS && (connection.role === "operator" || connection.caps.has(CANVAS));
    if (!isOffered) throw new SwitchboardError("REQ_002", "There is no such surface for you.");
    const found = surfaceUrl(capabilities, { info: connection, signal, authority }, document);
    if (!found) {
      throw new SwitchboardError("REQ_004", "The gateway does not know under which address you reach it.", {
        action: "Set gateway.publicUrl to that address.",
      });
    }
    return { surface, pluginSurfaceUrls: { [CANVAS]: found.url }, expiresAtMs: found.expiresAt };
  }
}

/** @throws REQ_001 for what is no content, REQ_003 for too much. */
function contentOf({ content, path, text }: GivenFile): Uint8Array {
  const shown = JSON.stringify(path);
  if ((text === undefined) === (content === undefined)) {
    throw new SwitchboardError("REQ_001", `${shown} needs either text or content.`);
  }
  if (text !== undefined) return Buffer.from(text, "utf8");
  const bytes = Buffer.from(content ?? "", "base64");
  const isBase64 = bytes.toString("base64").replace(/=+$/, "") === content?.replace(/=+$/, "");
  if (!isBase64) throw new SwitchboardError("REQ_001", `The content of ${shown} is not base64.`);
  if (bytes.length > CANVAS_LIMITS.fileBytes) {
    throw new SwitchboardError("REQ_003", `${shown} has more than ${CANVAS_LIMITS.fileBytes} bytes.`);
  }
  return bytes;
}

function shape({ files, id, nodeId, sessionKey, title, updatedAt }: Manifest) {
  return {
    documentId: id,
    ...(title !== undefined && { title }),
    ...(sessionKey !== undefined && { sessionKey }),
    ...(nodeId !== undefined && { nodeId }),
    updatedAtMs: updatedAt,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    files: files.map(({ bytes, mimeType, path }) => ({ path, mimeType, bytes })),
    path: documentPath(id),
  };
}
