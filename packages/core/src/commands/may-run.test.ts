import type { AccountId, ChannelId, ConversationId, ConversationKind, PeerId } from "@switchboard/domain";
import { completed } from "@switchboard/domain";
import { AccountSettings } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { Authorities } from "../access/authority.ts";
import type { Authority, Grant } from "../ports/index.ts";
import type { Command } from "./command.ts";
import { COMMANDS, PUBLIC_COMMANDS } from "./commands.ts";
import { mayRun } from "./may-run.ts";

const command = (changes: Partial<Command>): Command => ({
  name: "any",
  description: "Any",
  changes: false,
  run: () => ({}),
  ...changes,
});

const grant = (authority: Authority, subject: string): Grant => ({
  channel: "any" as ChannelId,
  account: "default" as AccountId,
  authority,
  subject,
  grantedAt: 0,
  grantedBy: "test",
});

function may(
  asked: Command,
  kind: ConversationKind,
  settings: Partial<AccountSettings>,
  grants: Grant[] = [],
): boolean {
  const complete = completed(AccountSettings, settings, "settings");
  return mayRun(asked, {
    account: { settings: complete, authorities: new Authorities(complete, grants) },
    event: { conversation: { id: "there" as ConversationId, kind }, sender: { id: "ada" as PeerId } },
  });
}

describe("who may run a command", () => {
  const kinds: readonly ConversationKind[] = ["direct", "group", "channel"];

  it.each(kinds)("ACC-4 owners alone run what is for owners only, in a %s too", (kind) => {
    const secret = command({ ownersOnly: true });
    expect(may(secret, kind, { owners: ["ada"] })).toBe(true);
    expect(may(secret, kind, {}, [grant("command", "ada")])).toBe(true);
    // Nothing else makes an owner: not being let in, not a group's liberality, not a wildcard (CVE-2026-44991).
    const others = [grant("dm", "ada"), grant("group", "ada"), grant("admin", "ada"), grant("command", "*")];
    expect(may(secret, kind, { groupCommands: "everyone", allowFrom: ["ada"], owners: ["*"] }, others)).toBe(false);
  });

  it("ACC-4 what changes a session is everyone's in a direct chat and the owners' in a group", () => {
    const changing = command({ changes: true });
    expect(kinds.map((kind) => may(changing, kind, {}))).toEqual([true, false, false]);
    expect(kinds.map((kind) => may(changing, kind, { groupCommands: "everyone" }))).toEqual([true, true, true]);
    expect(kinds.map((kind) => may(changing, kind, { owners: ["ada"] }))).toEqual([true, true, true]);
  });

  it("ACC-4 what is for owners only is shown in no platform's menu", () => {
    expect(PUBLIC_COMMANDS.some(({ ownersOnly }) => ownersOnly)).toBe(false);
    expect(COMMANDS.filter(({ ownersOnly }) => !ownersOnly)).toEqual(PUBLIC_COMMANDS);
  });
});
