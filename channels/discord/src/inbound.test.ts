import { describe, expect, it } from "vitest";
import channel from "./index.ts";

const author = { id: "1234567890", username: "somebody" };
const said = (more: object) => ({
  t: "MESSAGE_CREATE",
  d: {
    ...{ id: "1", channel_id: "2", guild_id: "3", type: 0, content: "hi", timestamp: "2026-01-01T00:00:00.000Z" },
    ...{ author, mentions: [], attachments: [], embeds: [], ...more },
  },
});
const read = (update: object) =>
  channel
    .unbundle(update, { account: "default" as never, config: {} as never })
    .flatMap((raw) => channel.normalise(raw, { account: "default" as never, config: {} as never }));

describe("MSG-2 CH-3 who is a program", () => {
  it("is whoever speaks through a webhook, also where the author does not say so", () => {
    expect(read(said({}))[0]?.sender?.isBot).toBeUndefined();
    expect(read(said({ webhook_id: author.id }))[0]?.sender?.isBot).toBe(true);
  });
});

describe("MSG-3 CH-3 what a message shows beside its text", () => {
  const contentOf = (more: object) => {
    const [event] = read(said(more));
    return event?.kind === "message" ? event.content : event?.kind;
  };
  const preview = { type: "link", title: "A page", url: "https://example.org/" };
  const card = { type: "rich", title: "Build 12", description: "passed", fields: [{ name: "Took", value: "3 min" }] };

  it("is read where a program put it there, and not where Discord previews a link", () => {
    expect(contentOf({ content: "see https://example.org/", embeds: [preview] })).toEqual({
      type: "text",
      text: "see https://example.org/",
    });
    expect(contentOf({ content: "news", embeds: [preview, card] })).toEqual({
      type: "text",
      text: "news\n\nBuild 12\npassed\nTook: 3 min",
    });
    expect(contentOf({ content: "", embeds: [card] })).toEqual({
      type: "embed",
      text: "Build 12\npassed\nTook: 3 min",
    });
  });

  it("a poll and what was forwarded are text", () => {
    const poll = {
      question: { text: "When?" },
      answers: [
        { answer_id: 1, poll_media: { text: "Today" } },
        { answer_id: 2, poll_media: { text: "Never" } },
      ],
      results: { is_finalized: true, answer_counts: [{ id: 1, count: 3 }] },
    };
    expect(contentOf({ content: "", poll })).toEqual({
      type: "poll",
      text: "Poll, closed: When?\n- Today (3)\n- Never",
    });
    const forwarded = { message_snapshots: [{ message: { content: "said before", attachments: [], embeds: [] } }] };
    expect(contentOf({ content: "", ...forwarded })).toEqual({ type: "text", text: "said before" });
  });
});
