import { type CommandHint, completed, type RawEvent } from "@switchboard/domain";
import { contractMemory } from "@switchboard/testkit/channel";
import { describe, expect, it } from "vitest";
import { startSimulator } from "../simulator/index.ts";
import { annotated } from "./annotate.ts";
import { SlackApi } from "./api.ts";
import { SlackConfig } from "./config.ts";
import { Directory } from "./directory.ts";
import channel from "./index.ts";
import { SentThreads } from "./sent-threads.ts";

const commands: CommandHint[] = [{ name: "status", description: "How it goes" }];

async function notes(options: Parameters<typeof startSimulator>[0] = {}) {
  const simulator = await startSimulator(options);
  const config = completed(SlackConfig, simulator.accountConfig(), "config");
  const memory = contractMemory(new Map());
  const { signal } = new AbortController();
  return {
    simulator,
    context: { config, commands, signal },
    directory: new Directory(new SlackApi(config), memory),
    threads: new SentThreads(memory, 30),
    async [Symbol.asyncDispose]() {
      await simulator.close();
    },
  };
}

const reader = {
  account: "default" as never,
  config: completed(SlackConfig, { botToken: "xoxb-1" }, "config"),
};
const slash = (command: string, text: string): RawEvent => {
  const body = { command, text, channel_id: "C0123ABCD", user_id: "U0123ABCD", trigger_id: "1.2" };
  const [raw] = channel.unbundle(body, reader);
  if (!raw) throw new Error("nothing");
  return raw;
};
const read = (raw: RawEvent) => channel.normalise(raw, reader)[0];

describe("CH-2 the app's command", () => {
  it("is known by what stands behind it, whatever it is called at Slack", async () => {
    await using it = await notes();
    for (const [command, text, expected] of [
      ["/switchboard", "status now", { kind: "command", name: "status", text: "now" }],
      ["/desk", "status now", { kind: "command", name: "status", text: "now" }],
      ["/status", "now", { kind: "command", name: "status", text: "now" }],
      ["/switchboard", "", { kind: "unsupported" }],
      ["/desk", " ", { kind: "unsupported" }],
      ["/desk", "dance", { kind: "command", name: "desk", text: "dance" }],
    ] as const) {
      expect(read(await annotated(slash(command, text), it)), `${command} ${text}`).toMatchObject(expected);
    }
  });
});

describe("CH-2 threads", () => {
  it("are as the account's setting says also for what was stored without a note", async () => {
    await using it = await notes();
    const event = {
      type: "message",
      channel: "C0123ABCD",
      channel_type: "channel",
      user: "U0123ABCD",
      ts: "1.2",
      text: "hi",
    };
    for (const [threads, lane, thread] of [
      ["always", "C0123ABCD:1.2", "1.2"],
      ["asked", "C0123ABCD", undefined],
    ] as const) {
      const set = { ...reader, config: { ...reader.config, threads } };
      const [raw] = channel.unbundle({ type: "event_callback", event_id: "Ev1", event }, set);
      if (!raw) throw new Error("nothing");
      const noted = await annotated(raw, { ...it, context: { ...it.context, config: set.config } });
      for (const each of [raw, noted]) {
        expect(each.lane).toBe(lane);
        expect(channel.normalise(each, set)[0]?.thread).toBe(thread);
      }
    }
  });
});

describe("MSG-2 names", () => {
  it("are added, and what they were not found for is still an event", async () => {
    await using it = await notes({ scopes: ["chat:write"] });
    const before = slash("/status", "");
    const after = await annotated(before, it);
    expect({ ...after, payload: null }).toEqual({ ...before, payload: null });
    expect(read(after)).toMatchObject({ kind: "command", sender: { id: "U0123ABCD" } });
  });

  it("raw stays as Slack sent it", async () => {
    await using it = await notes();
    const before = slash("/desk", "status");
    expect(read(await annotated(before, it))?.raw).toEqual(before.payload);
  });
});
