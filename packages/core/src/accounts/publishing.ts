/** Gives files an address that a platform can fetch them from, and opens them when it does. */
import type { AccountContext, AccountRef, Channel, OutboundMedia } from "@switchboard/domain";
import type { AccountsPorts } from "./accounts-ports.ts";
import { PUBLISHED_MEDIA, PUBLISHED_TTL_MS, publishedPath, readPublished } from "./published-media.ts";
import type { AccountRuntime } from "./runtime.ts";

type Ports = Pick<AccountsPorts, "clock" | "files" | "publicUrl" | "vault">;

/** What cannot be sent is refused here and now, not when somebody comes to fetch it. `undefined` without a public address. */
export function publisher(
  ref: AccountRef,
  { capabilities }: Channel,
  { clock, files, publicUrl, vault }: Ports,
): AccountContext["publish"] {
  if (publicUrl === undefined) return undefined;
  return async (attachment, { ttlMs = PUBLISHED_TTL_MS } = {}) => {
    const { kind, mimeType, source } = attachment;
    if ("url" in source) return source.url;
    const rules = capabilities.attachments[kind];
    const { fileName, stream } = await files.outbound(ref.tenant, attachment, rules, new AbortController().signal);
    await stream.cancel();
    const file = { kind, source, fileName, ...(mimeType !== undefined && { mimeType }) };
    return publicUrl + publishedPath(await vault.derive(ref, PUBLISHED_MEDIA), ref, file, clock.now() + ttlMs);
  };
}

/** @throws REQ_002 for an address that is not good, or no longer. */
export async function openPublished(
  { channel, ref }: AccountRuntime,
  token: string,
  { clock, files, vault }: Ports,
  signal: AbortSignal,
): Promise<OutboundMedia> {
  const attachment = readPublished(await vault.derive(ref, PUBLISHED_MEDIA), token, clock.now());
  return files.outbound(ref.tenant, attachment, channel.capabilities.attachments[attachment.kind], signal);
}
