/** Which channel is what: from what Discord tells in passing, from memory, and by asking once. */
import { contractMemory } from "@switchboard/testkit/channel";
import { describe, expect, it } from "vitest";
import { DiscordApi } from "./api.ts";
import { Places } from "./places.ts";
import { type ScriptedDiscord, scriptedDiscord, TOKEN } from "./scripted-discord.test.helper.ts";

const GUILD = "300000000000000001";
const CHANNEL = "500000000000000001";
const THREAD = "500000000000000002";

function placesOf(discord: ScriptedDiscord, values = new Map<string, string>()) {
  const api = new DiscordApi({
    token: TOKEN,
    baseUrl: discord.url,
    cdnUrl: discord.url,
    requestTimeoutMs: 5_000,
    uploadTimeoutMs: 5_000,
  });
  const write = () => {};
  const log = { debug: write, info: write, warn: write, error: write };
  return new Places(api, { memory: contractMemory(values), log, signal: new AbortController().signal });
}

const said = (channel: string) => ({ channel_id: channel, guild_id: GUILD });
const lookups = ({ calls }: ScriptedDiscord) => calls.filter(({ what }) => what.startsWith("GET /channels/"));

describe("CH-3 channels and threads", () => {
  it("a server's list tells them; direct messages need none", async () => {
    await using discord = await scriptedDiscord({ onArrival: () => {} });
    const places = placesOf(discord);
    places.learn("GUILD_CREATE", {
      id: GUILD,
      channels: [{ id: CHANNEL, type: 0, name: "general" }],
      threads: [{ id: THREAD, type: 11, name: "Ideas", parent_id: CHANNEL }],
    });
    expect(await places.of(said(CHANNEL))).toEqual({ type: 0, name: "general" });
    expect(await places.of(said(THREAD))).toEqual({ type: 11, name: "Ideas", parent_id: CHANNEL });
    expect(await places.of({ channel_id: CHANNEL })).toBeUndefined();
    expect(lookups(discord)).toEqual([]);
  });

  it("another process remembers, and what changes is learnt anew", async () => {
    await using discord = await scriptedDiscord({ onArrival: () => {} });
    const values = new Map<string, string>();
    placesOf(discord, values).learn("THREAD_CREATE", { id: THREAD, type: 11, name: "Ideas", parent_id: CHANNEL });
    const places = placesOf(discord, values);
    expect(await places.of(said(THREAD))).toMatchObject({ name: "Ideas" });
    places.learn("THREAD_UPDATE", { id: THREAD, type: 11, name: "Plans", parent_id: CHANNEL });
    expect(await placesOf(discord, values).of(said(THREAD))).toMatchObject({ name: "Plans" });
    expect(lookups(discord)).toEqual([]);
  });

  it("what nobody told is asked for once; what Discord does not tell leaves the message in its own place", async () => {
    await using discord = await scriptedDiscord({
      onArrival: () => {},
      answers: { [`GET /channels/${THREAD}`]: () => [200, { id: THREAD, type: 12, name: "old", parent_id: CHANNEL }] },
    });
    const places = placesOf(discord);
    expect(await places.of(said(THREAD))).toMatchObject({ type: 12, parent_id: CHANNEL });
    expect(await places.of(said(THREAD))).toMatchObject({ type: 12 });
    expect(lookups(discord)).toHaveLength(1);
    expect(await places.of(said(CHANNEL))).toBeUndefined();
  });
});
