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
    .split(update, { account: "default" as never, config: {} as never })
    .flatMap((raw) => channel.normalise(raw, { account: "default" as never, config: {} as never }));

describe("MSG-2 CH-3 who is a program", () => {
  it("is whoever speaks through a webhook, also where the author does not say so", () => {
    expect(read(said({}))[0]?.sender?.isBot).toBeUndefined();
    expect(read(said({ webhook_id: author.id }))[0]?.sender?.isBot).toBe(true);
  });
});
