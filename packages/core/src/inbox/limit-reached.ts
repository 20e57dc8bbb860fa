/** What becomes of a message beyond a limit of its tenant: it is set aside, and the person is told once in a window. */
import { createHash } from "node:crypto";
import { type ErrorRecord, type InboundEvent, SwitchboardError, textContent, toErrorRecord } from "@switchboard/domain";
import type { Effect, Quota, Settlement } from "../ports/index.ts";
import { routeFor } from "./decide.ts";
import { type Case, type DecisionPorts, replyEffect } from "./decision.ts";

const KEPT = "Your message is kept, and the operator can bring it back (SEC_010).";
const TEXTS: Readonly<Record<Quota["window"], string>> = {
  day: `⚠️ Today's limit of this service is reached. ${KEPT}`,
  month: `⚠️ This month's limit of this service is reached. ${KEPT}`,
};

/** Its dead letter can be brought back when there is room again, e.g. on another day. */
export async function setAside(
  settlement: Pick<Settlement, "kind" | "preview" | "session">,
  quota: Quota,
  event: InboundEvent | undefined,
  { account, stored }: Pick<Case, "account" | "stored">,
  ports: DecisionPorts,
): Promise<Omit<Settlement, "now" | "next">> {
  const { kind, preview, session } = settlement;
  const error: ErrorRecord = toErrorRecord(
    new SwitchboardError("SEC_010", `The tenant's limit ${quota.limit} of ${quota.most} is reached.`),
  );
  const effects: Effect[] = [];
  const told =
    event && (await ports.store.usage.noteFirst(stored.tenant, toldName(event, account, quota), quota.since));
  if (event && told) {
    const route = await routeFor(event, account, ports);
    const content = textContent(ports.settings.limitText ?? TEXTS[quota.window]);
    effects.push(replyEffect({ event, stored, account, route }, content, ports, { private: true }));
  }
  const { tenant } = stored;
  if (await ports.store.usage.noteFirst(tenant, `hard/${quota.limit}`, quota.since)) {
    ports.log.warn(
      { tenant, limit: quota.limit, most: quota.most },
      "a tenant's limit is reached; messages are set aside",
    );
    effects.push({ type: "audit", entry: limitEntry(quota, ports.clock.now()) });
  }
  return {
    state: "dead",
    reason: `limit ${quota.limit}`,
    error,
    effects,
    ...(kind && { kind }),
    ...(preview !== undefined && { preview }),
    ...(session && { session }),
  };
}

export function limitEntry({ hard, limit, most }: Quota, at: number) {
  const action = hard ? "limit.reached" : "limit.warned";
  return { at, actor: "system", action, subject: limit, outcome: hard ? "denied" : "ok", detail: { most } } as const;
}

function toldName(event: InboundEvent, { ref }: Case["account"], { limit }: Quota): string {
  const place = [ref.channel, ref.account, event.conversation.id, event.sender?.id ?? ""];
  return `told/${limit}/${createHash("sha256").update(JSON.stringify(place)).digest("hex").slice(0, 32)}`;
}
