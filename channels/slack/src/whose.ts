/** Whose an update is, where one app is installed in several workspaces: Slack sends what happens in all of them one way. */
import type { SelfIdentity } from "@switchboard/domain";
import { type Body, bodyOf, isBody, listOf, wordOf } from "./body.ts";
import { isUser } from "./ids.ts";

/** A workspace's id; an organisation's begins with E, and says nothing of the workspaces in it. */
const WORKSPACE = /^T/;

/**
 * Whether Slack told this to the account's bot. An event names the installation that it is told to, which in channels
 * that workspaces share need not be the one in which it happened; all else names the workspace.
 */
export function isOf(update: unknown, self: SelfIdentity): boolean | undefined {
  if (!isBody(update)) return undefined;
  const bots = botsOf(update);
  if (bots.length > 0) return bots.some((each) => each.user_id === self.id);
  const team = teamOf(update);
  if (self.space === undefined || team === undefined || !WORKSPACE.test(self.space)) return undefined;
  return team === self.space;
}

/** It is another installation's, for certain. Nobody here answers it; that one's account does, where there is one. */
export function isForAnother(update: unknown, self: SelfIdentity | undefined): boolean {
  return self !== undefined && isOf(update, self) === false;
}

function botsOf(update: Body): readonly Body[] {
  return listOf(update.authorizations).filter((each) => each.is_bot === true && isUser(each.user_id));
}

/** In a form the workspace may be the person's; the form itself knows where the app is installed. */
function teamOf(update: Body): string | undefined {
  return (
    wordOf(bodyOf(update.view).app_installed_team_id) ??
    wordOf(bodyOf(update.team).id) ??
    wordOf(update.context_team_id) ??
    wordOf(update.team_id) ??
    wordOf(bodyOf(update.user).team_id)
  );
}
