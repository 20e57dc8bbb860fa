/** Who a message is addressed to. */
import type { Mentions, SelfIdentity } from "@switchboard/domain";
import { type Body, listOf, noteOf, textOf } from "./body.ts";
import { conversationId, peerId } from "./ids.ts";
import { mentionedIn } from "./mrkdwn.ts";

export function mentionsOf(event: Body, body: Body, self: SelfIdentity | undefined): Mentions | undefined {
  const { channels, everyone, groups, users } = mentionedIn(textOf(event.text) ?? "");
  const named = new Set([...users, ...richUsers(event.blocks)]);
  const others = [...named].filter((id) => id !== self?.id).map(peerId);
  const isSelf =
    event.type === "app_mention" ||
    (self !== undefined && (named.has(self.id) || event.parent_user_id === self.id)) ||
    noteOf(body).ours === true;
  if (others.length === 0 && channels.length === 0 && groups.length === 0 && !everyone && !isSelf) return undefined;
  return {
    ...(others.length > 0 && { users: others }),
    ...(groups.length > 0 && { roles: groups }),
    ...(channels.length > 0 && { channels: channels.map(conversationId) }),
    ...(everyone && { everyone: true }),
    ...(isSelf && { self: true }),
  };
}

/** People named in rich text, where the text beside it is empty. */
function richUsers(blocks: unknown): string[] {
  return listOf(blocks)
    .filter(({ type }) => type === "rich_text")
    .flatMap((block) => listOf(block.elements))
    .flatMap((section) => listOf(section.elements))
    .flatMap(({ type, user_id: id }) => (type === "user" && typeof id === "string" ? [id] : []));
}
