import { createHash } from "node:crypto";
import { type AccountId, type ChannelId, type ConversationId, formatMarkdown, type PeerId } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { isPending, newPairingRequest, pairingRequestId, senderLabel } from "./pairing.ts";
import { codeContent, pendingContent, requestContent } from "./pairing-texts.ts";

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;

function request(sender: { readonly id?: string; readonly displayName?: string; readonly username?: string } = {}) {
  const event = { platform: "any" as ChannelId, account: "default" as AccountId };
  const target = { conversation: "c" as ConversationId, kind: "direct" } as const;
  const who = { ...sender, id: (sender.id ?? "42") as PeerId };
  return newPairingRequest({ ...event, sender: who }, "ABCD2345", target, NOW);
}

describe("requests to be let in", () => {
  it("ACC-2 are valid for an hour from their making", () => {
    const made = request();
    expect(made.expiresAt - made.createdAt).toBe(HOUR);
    expect([NOW, NOW + HOUR - 1, NOW + HOUR].map((now) => isPending(made, now))).toEqual([true, true, false]);
  });

  it("ACC-3 have a public id of 32 characters that differs by account, sender and time, and not by code", () => {
    const made = request();
    const said = `any\0default\x0042\0${new Date(NOW).toISOString()}`;
    expect(made.id).toBe(createHash("sha256").update(said).digest("base64url").slice(0, 32));
    const others = [
      { ...made, account: "work" as AccountId },
      { ...made, channel: "else" as ChannelId },
      { ...made, sender: "43" as PeerId },
      { ...made, createdAt: NOW + 1 },
    ].map(pairingRequestId);
    expect(new Set([made.id, ...others]).size).toBe(5);
    expect(pairingRequestId({ ...made, code: "ZZZZ9999" } as never)).toBe(made.id);
  });

  it("ACC-3 call people as they call themselves, else by their id", () => {
    const names = [{ displayName: "Ann", username: "ann" }, { username: "ann" }, {}, { displayName: " \u202e\n" }];
    expect(names.map((each) => senderLabel(request(each)))).toEqual(["Ann", "ann", "42", "42"]);
    expect(request({ displayName: "x".repeat(500) }).label).toHaveLength(80);
  });

  it("ACC-1 what people call themselves formats nothing and adds no lines for the owner", () => {
    const made = request({ displayName: "`**Admin**`\n[free](https://example.org) ![x](y)", username: "a`b_c" });
    const texts = [requestContent(made, 8), requestContent(made, 0), pendingContent([made], NOW, 8)];
    for (const { body } of texts) {
      const kinds = JSON.stringify(body);
      for (const kind of ["link", "image"]) expect(kinds).not.toContain(`"type":"${kind}"`);
      expect(kinds).toContain("[free](https://example.org)");
      expect(kinds).not.toContain('"value":"Admin"');
    }
  });

  it("ACC-2 the stranger is told the code, their id and what the owner does; the owner never sees the code", () => {
    const made = request({ displayName: "Ann" });
    const told = formatMarkdown(codeContent(made).body);
    expect(told).toContain("```\nABCD2345\n```");
    expect(told).toContain("switchboard pairing approve any ABCD2345\n");
    expect(told).toMatch(/Your id here is `42`\.$/);
    const work = formatMarkdown(codeContent({ ...made, account: "work" as AccountId }).body);
    expect(work).toContain("pairing approve any ABCD2345 --account work");
    const toOwner = [requestContent(made, 8), requestContent(made, 0), pendingContent([made, made], NOW, 0)];
    expect(JSON.stringify(toOwner)).not.toContain("ABCD2345");
  });

  it("ACC-3 where a platform has too few buttons, the words say it", () => {
    const made = request();
    expect(
      requestContent(made, 2)
        .controls?.flat()
        .map(({ label }) => label),
    ).toEqual(["Approve", "Dismiss"]);
    expect(requestContent(made, 1).controls).toBeUndefined();
    expect(formatMarkdown(requestContent(made, 1).body)).toContain(`/pairing approve ${made.id}`);
    const labels = pendingContent([made, made], NOW, 4)
      .controls?.flat()
      .map(({ label }) => label);
    expect(labels).toEqual(["Approve 1", "Dismiss 1", "Approve 2", "Dismiss 2"]);
    const words = pendingContent([made, made], NOW, 3);
    expect([words.controls, formatMarkdown(words.body)]).toEqual([undefined, expect.stringContaining(made.id)]);
    expect(formatMarkdown(pendingContent([], NOW, 3).body)).toContain("Nobody");
  });
});
