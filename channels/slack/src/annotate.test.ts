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

const slash = (command: string, text: string): RawEvent => {
  const body = { command, text, channel_id: "C0123ABCD", user_id: "U0123ABCD", trigger_id: "1.2" };
  const [raw] = channel.split(body, { account: "default" as never });
  if (!raw) throw new Error("nothing");
  return raw;
};
const read = (raw: RawEvent) => channel.normalise(raw, { account: "default" as never })[0];

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
