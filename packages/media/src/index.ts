/** Files on their way out and in (MSG-6). */
import type { MediaPipeline } from "@switchboard/core/ports";
import type { AttachmentKind, AttachmentRules, MediaStream, TenantId } from "@switchboard/domain";
import { SwitchboardError } from "@switchboard/domain/errors";
import type { Egress } from "./egress/index.ts";
import { type InboundLimits, inbound } from "./inbound.ts";
import { isPictureKind, PICTURE_BYTES, prepare } from "./prepare.ts";
import { openSpool } from "./spool.ts";

export interface MediaPipelineOptions {
  /** For files that must be whole before they go on. Belongs to this process alone: it is emptied. */
  readonly directory: string;
  readonly egress: Egress;
  /** Reads the media store. Rejects with REQ_002 when there is no such file. */
  readBlob(tenant: TenantId, blob: string, signal: AbortSignal): Promise<MediaStream>;
  readonly inboundLimits?: Partial<InboundLimits>;
}

/** Makes the directory, and removes what was left in it. @throws STORE_003. */
export async function openMediaPipeline(options: MediaPipelineOptions): Promise<MediaPipeline> {
  const { egress, readBlob } = options;
  const spool = await openSpool(options.directory);
  return {
    async outbound(tenant, { fileName, kind, mimeType, source }, rules, signal) {
      if (!rules) throw new SwitchboardError("MSG_008", `This platform takes no file as ${kind}.`);
      const found =
        "blob" in source
          ? await readBlob(tenant, source.blob, signal)
          : await egress.get(source.url, { maxBytes: openBytes(kind, rules), signal });
      const { size, stream } = found;
      const claimed = mimeType ?? found.mimeType;
      const names = [fileName, found.fileName];
      return prepare({ stream, kind, claimed, names, ...(size !== undefined && { size }) }, rules, spool, signal);
    },

    inbound: (open, file, signal) => inbound(open, file, { spool, ...options.inboundLimits }, signal),
  };
}

function openBytes(kind: AttachmentKind, { maxBytes }: AttachmentRules): number {
  return isPictureKind(kind) ? Math.max(maxBytes, PICTURE_BYTES) : maxBytes;
}
