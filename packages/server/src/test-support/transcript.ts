/** What stands in a session's transcript. */
import type { ConversationId } from "@switchboard/domain";
import type { Result } from "@switchboard/protocol";
import type { TestGateway } from "./gateway.ts";

export type Entry = Result<"sessions.transcript">["entries"][number];

export async function entriesOf(
  gateway: TestGateway,
  conversation: ConversationId,
  account?: string,
): Promise<readonly Entry[]> {
  const key = await gateway.sessionOf(conversation, account);
  const { entries } = await gateway.request("sessions.transcript", { key, limit: 200 });
  return entries;
}

/** What people said there, in order. */
export async function peopleSaid(
  gateway: TestGateway,
  conversation: ConversationId,
  account?: string,
): Promise<string[]> {
  const entries = await entriesOf(gateway, conversation, account);
  return entries.filter(({ role }) => role === "user").map(({ text }) => text);
}
