/** What WebChat does with a message that nobody asked for: into the transcript, and to the pages that are open. */
import type { MediaStore, Store } from "@switchboard/core";
import type { TenantId } from "@switchboard/domain";
import type { Send } from "../faces/broadcasts.ts";
import { messageOf } from "../faces/transcript-message.ts";
import type { WebchatHooks } from "./channel.ts";

/** How far back a repeated delivery is looked for. */
const LOOK_BACK = 50;

export function webchatHooks(options: {
  readonly store: Store;
  readonly media: Pick<MediaStore, "read">;
  readonly tenant: TenantId;
  readonly send: Send;
  now(): number;
}): WebchatHooks {
  const { media, now, send, store, tenant } = options;
  return {
    read: (owner, blob, signal) => media.read(owner, blob, signal),
    async say(session, deliveryId, { text, controls }) {
      const recent = await store.sessions.transcript(tenant, session, { limit: LOOK_BACK });
      if (recent.some(({ extra }) => (extra as { delivery?: unknown } | undefined)?.delivery === deliveryId)) return;
      const extra = { delivery: deliveryId, ...(controls !== undefined && { controls }) };
      const entry = { role: "assistant" as const, text, at: now(), extra };
      await store.sessions.append(tenant, session, entry);
      send(tenant, "chat", {
        runId: deliveryId,
        sessionKey: session,
        seq: 0,
        state: "final",
        message: messageOf(entry, deliveryId),
      });
    },
  };
}
