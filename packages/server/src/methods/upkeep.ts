/** `backup.create`, `media.*`. */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { SwitchboardError } from "@switchboard/domain";
import type { Handlers } from "../ws/index.ts";
import { decodeBase64 } from "./attachments.ts";
import type { MethodDeps } from "./deps.ts";
import { requireGatewayOperator } from "./gateway-operator.ts";

const PIECE_BYTES = 1024 * 1024;

export function upkeepMethods(deps: MethodDeps): Handlers {
  const { engine, media, settings, stateDirectory } = deps;
  return {
    async "backup.create"({ name }, caller) {
      requireGatewayOperator(caller);
      const { tenant, actor } = caller;
      const directory = join(stateDirectory, "backups");
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      const startedAt = engine.clock.now();
      const path = join(directory, name ?? `${new Date(startedAt).toISOString().replaceAll(/[:.]/g, "-")}.db`);
      if (existsSync(path)) throw new SwitchboardError("REQ_004", `There is a backup named ${name} already.`);
      await engine.store.upkeep.backup(path);
      await deps.people?.backup?.(path);
      await engine.store.audit.append(tenant, {
        at: startedAt,
        actor,
        action: "backup.created",
        subject: path,
        outcome: "ok",
      });
      return { path, bytes: statSync(path).size, durationMs: engine.clock.now() - startedAt };
    },

    async "media.put"({ content }, { tenant }) {
      const maxBytes = settings.config.limits.attachmentBytes;
      const { blob, size, mimeType } = await media.put(tenant, decodeBase64(content, maxBytes), { maxBytes });
      return { blob, sizeBytes: size, ...(mimeType !== undefined && { mimeType }) };
    },
    async "media.get"({ blob, offset = 0, length = PIECE_BYTES }, { tenant, signal }) {
      const { stream, size = 0, mimeType } = await media.read(tenant, blob, signal);
      const chunks: Uint8Array[] = [];
      let at = 0;
      for await (const chunk of stream) {
        const end = at + chunk.length;
        if (end > offset)
          chunks.push(chunk.subarray(Math.max(0, offset - at), Math.min(chunk.length, offset + length - at)));
        at = end;
        if (at >= offset + length) break;
      }
      const content = Buffer.concat(chunks).toString("base64");
      return { content, offset, sizeBytes: size, ...(mimeType !== undefined && { mimeType }) };
    },
  };
}
