/** The kinds of updates and which of them a bot gets unasked. */
import type { Update } from "@grammyjs/types";

export type UpdateKind = Exclude<keyof Update, "update_id">;

/** What an update of a kind carries. */
export type UpdateBody<Kind extends UpdateKind> = NonNullable<Update[Kind]>;

/** Kinds that a bot must name in `allowed_updates` to get. */
const onlyWhenAsked: ReadonlySet<UpdateKind> = new Set(["chat_member", "message_reaction", "message_reaction_count"]);

/** Whether a bot gets updates of this kind. An empty list means the same as none: the default. */
export function isAllowed(kind: UpdateKind, allowed: readonly UpdateKind[] | undefined): boolean {
  if (allowed === undefined || allowed.length === 0) return !onlyWhenAsked.has(kind);
  return allowed.includes(kind);
}
