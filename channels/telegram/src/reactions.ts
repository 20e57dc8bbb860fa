/** Reactions as the emoji that came and went. */
import type { ReactionEvent } from "@switchboard/domain";
import type { MessageReactionCountUpdated, MessageReactionUpdated, ReactionType } from "grammy/types";

type Changes = Pick<ReactionEvent, "added" | "removed">;

export function changedReactions({ old_reaction, new_reaction }: MessageReactionUpdated): Changes {
  const before = old_reaction.map(nameOf);
  const after = new_reaction.map(nameOf);
  return {
    added: after.filter((each) => !before.includes(each)),
    removed: before.filter((each) => !after.includes(each)),
  };
}

/** Anonymous reactions come as totals, without what was there before: all that are there count as added. */
export function countedReactions({ reactions }: MessageReactionCountUpdated): Changes {
  return { added: reactions.filter(({ total_count }) => total_count > 0).map(({ type }) => nameOf(type)), removed: [] };
}

function nameOf(reaction: ReactionType): string {
  switch (reaction.type) {
    case "emoji":
      return reaction.emoji;
    case "custom_emoji":
      return `custom:${reaction.custom_emoji_id}`;
    default:
      return "⭐";
  }
}
