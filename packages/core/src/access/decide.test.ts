import type {
  AccountId,
  ChannelId,
  ConversationId,
  MessageEvent,
  MessageId,
  PeerId,
  Target,
  ThreadId,
} from "@switchboard/domain";
import { completed } from "@switchboard/domain";
import { AccountSettings } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import type { Authority, Grant } from "../ports/index.ts";
import { Authorities } from "./authority.ts";
import { decideAccess } from "./decide.ts";

const settings = (changes: Partial<AccountSettings> = {}) => completed(AccountSettings, changes, "settings");

const grant = (authority: Authority, subject: string): Grant => ({
  channel: "any" as ChannelId,
  account: "default" as AccountId,
  authority,
  subject,
  grantedAt: 0,
  grantedBy: "test",
});

function message(changes: Partial<MessageEvent> = {}): MessageEvent {
  return {
    kind: "message",
    platform: "any" as ChannelId,
    account: "default" as AccountId,
    conversation: { id: "alice" as ConversationId, kind: "direct" },
    sender: { id: "alice" as PeerId },
    messageId: "1" as MessageId,
    content: { type: "text", text: "hello" },
    at: 0,
    raw: {},
    ...changes,
  };
}

const inGroup = (changes: Partial<MessageEvent> = {}) =>
  message({ conversation: { id: "group" as ConversationId, kind: "group" }, mentions: { self: true }, ...changes });

function verdict(event: MessageEvent, changes: Partial<AccountSettings> = {}, grants: Grant[] = []): string {
  const complete = settings(changes);
  const access = decideAccess(event, complete, new Authorities(complete, grants));
  return access.verdict === "allow" ? "allow" : `${access.verdict} ${access.reason}`;
}

describe("decideAccess", () => {
  it("ACC-3 ACC-4 where requests are shown only owners can press, and nobody is heard for it", () => {
    const approvals: Target = { conversation: "group" as ConversationId, thread: "t" as ThreadId, kind: "group" };
    const decided = (changes: object, settled: Partial<AccountSettings> = {}, grants: Grant[] = []) => {
      const complete = settings(settled);
      const event = { ...inGroup(), kind: "control", value: "x", thread: "t", ...changes } as never;
      return decideAccess(event, complete, new Authorities(complete, grants), approvals);
    };
    const owner = { owners: ["alice"] };
    expect(decided({}, owner)).toEqual({ verdict: "allow" });
    expect(decided({}, {}, [grant("command", "alice")])).toEqual({ verdict: "allow" });
    expect(decided({})).toEqual({ verdict: "deny", reason: "approvals-of-owners", tell: true });
    expect(decided({}, {}, [grant("dm", "alice"), grant("admin", "alice")]).verdict).toBe("deny");
    expect(decided({}, { owners: ["*"] }).verdict).toBe("deny");
    expect(decided({ sender: undefined }, owner).verdict).toBe("deny");
    // Elsewhere, and for what is no button, it grants nothing.
    const closed = { verdict: "deny", reason: "group-not-allowed", tell: false };
    expect(decided({ thread: undefined }, owner)).toEqual(closed);
    expect(decided({ conversation: { id: "other", kind: "group" } }, owner)).toEqual(closed);
    expect(decided({ kind: "message" }, owner)).toEqual(closed);
    expect(decided({ kind: "command" }, owner)).toEqual(closed);
  });

  it("ACC-3 a request that was answered in a thread of its own can be pressed still", () => {
    const approvals: Target = { conversation: "group" as ConversationId, kind: "group" };
    const decided = (changes: object) => {
      const complete = settings({ owners: ["alice"] });
      const event = { ...inGroup(), kind: "control", value: "x", ...changes } as never;
      return decideAccess(event, complete, new Authorities(complete, []), approvals).verdict;
    };
    expect(decided({ messageId: "1.5" })).toBe("allow");
    expect(decided({ messageId: "1.5", thread: "1.5" })).toBe("allow");
    expect(decided({ messageId: "1.6", thread: "1.5" })).toBe("deny");
    expect(decided({ messageId: undefined, thread: "1.5" })).toBe("deny");
  });

  it("ACC-4 lets nobody in unless somebody said so", () => {
    expect(verdict(message())).toBe("pair pairing-required");
    expect(verdict(message(), { dmPolicy: "allowlist" })).toBe("deny dm-not-allowed");
    expect(verdict(inGroup())).toBe("deny group-not-allowed");
  });

  it("ACC-4 follows the direct-message policy", () => {
    expect(verdict(message(), { dmPolicy: "open" })).toBe("allow");
    expect(verdict(message(), { allowFrom: ["alice"] })).toBe("allow");
    expect(verdict(message(), {}, [grant("dm", "alice")])).toBe("allow");
    expect(verdict(message(), { dmPolicy: "disabled", allowFrom: ["alice"] })).toBe("deny dm-disabled");
  });

  it("ACC-4 follows the group policy, its sender list and mention gating", () => {
    expect(verdict(inGroup(), { groups: ["group"] })).toBe("allow");
    expect(verdict(inGroup({ mentions: {} }), { groups: ["group"] })).toBe("ignore not-addressed");
    expect(verdict(inGroup({ mentions: {} }), { groups: ["group"], requireMention: false })).toBe("allow");
    expect(verdict(inGroup(), { groups: ["group"], groupAllowFrom: ["bob"] })).toBe("deny group-sender-not-allowed");
    expect(verdict(inGroup(), { groupPolicy: "open" })).toBe("allow");
    expect(verdict(inGroup(), { groupPolicy: "disabled", groups: ["group"] })).toBe("ignore groups-disabled");
  });

  it("ACC-4 GHSA-2gvc-4f3c-2855 none of the four authorities implies another", () => {
    const authorities: Authority[] = ["dm", "group", "command", "admin"];
    for (const authority of authorities) {
      const held = new Authorities(settings(), [grant(authority, "alice")]);
      expect(authorities.filter((each) => held.holds(each, "alice"))).toEqual([authority]);
    }
    expect(verdict(inGroup(), {}, [grant("dm", "alice"), grant("dm", "group")])).toBe("deny group-not-allowed");
    expect(verdict(message(), { owners: ["alice"], groups: ["alice"] })).toBe("pair pairing-required");
  });

  it("ACC-1 under pairing a stranger may ask, once approved may write, and bots and nobodies may not even ask", () => {
    const pairing = { dmPolicy: "pairing" } as const;
    expect(verdict(message(), pairing)).toBe("pair pairing-required");
    expect(verdict(message(), pairing, [grant("dm", "alice")])).toBe("allow");
    expect(verdict(message(), { ...pairing, allowFrom: ["alice"] })).toBe("allow");
    const bot = message({ sender: { id: "bot" as PeerId, isBot: true } });
    expect(verdict(bot, pairing)).toBe("ignore bot");
    expect(verdict(bot, pairing, [grant("dm", "bot")])).toBe("allow");
    const { sender: _, ...nobody } = message();
    expect(verdict(nobody, pairing)).toBe("deny dm-not-allowed");
    for (const id of ["*", ""]) expect(verdict(message({ sender: { id: id as PeerId } }), pairing)).toContain("deny");
    expect(verdict(inGroup(), pairing)).toBe("deny group-not-allowed");
  });

  it("ACC-3 approvals count under pairing alone: a closed list is what it says", () => {
    for (const dmPolicy of ["allowlist", "disabled"] as const) {
      expect(verdict(message(), { dmPolicy }, [grant("dm", "alice")])).toContain("deny");
    }
    const bot = message({ sender: { id: "alice" as PeerId, isBot: true } });
    expect(verdict(bot, { dmPolicy: "open" }, [grant("dm", "alice")])).toBe("ignore bot");
  });

  it("CVE-2026-44991 a wildcard entry grants nothing", () => {
    const held = new Authorities(settings({ allowFrom: ["*"], owners: ["*"], groups: ["*"] }), [grant("admin", "*")]);
    for (const authority of ["dm", "group", "command", "admin"] as const) {
      expect(held.holds(authority, "*")).toBe(false);
      expect(held.holds(authority, "alice")).toBe(false);
    }
  });

  it("ignores its own messages and other bots, so that two agents never talk for ever", () => {
    expect(verdict(message({ sender: { id: "me" as PeerId, isSelf: true } }), { dmPolicy: "open" })).toBe(
      "ignore own-message",
    );
    expect(verdict(message({ sender: { id: "bot" as PeerId, isBot: true } }), { dmPolicy: "open" })).toBe("ignore bot");
    expect(verdict(message({ sender: { id: "bot" as PeerId, isBot: true } }), { allowFrom: ["bot"] })).toBe("allow");
    expect(verdict(inGroup({ sender: { id: "bot" as PeerId, isBot: true } }), { groupPolicy: "open" })).toBe(
      "ignore bot",
    );
  });
});
