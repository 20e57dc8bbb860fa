import type { Result } from "@switchboard/protocol";
import { describe, expect, it, vi } from "vitest";
import { startWorld, type World } from "../test-support/world.ts";

// Each command is a process, which takes a busy machine seconds.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

type Listed = Result<"channels.pairing.list">;

/** `from` writes for the first time and is told a code, with the command that takes it. */
async function asks({ simulator }: World, from: string) {
  const { conversation } = await simulator.say({ from, text: "hello" });
  const { text } = await simulator.waitFor((each) => each.text.includes("pairing approve"), { conversation });
  const [, command = "", code = ""] = /switchboard (pairing approve \S+ ([A-Z0-9]{8}))/.exec(text) ?? [];
  return { conversation, code, command: command.split(" ") };
}

describe("pairing on the command line", () => {
  it("ACC-3 lists, approves and dismisses, with or without a running gateway", async () => {
    await using world = await startWorld({}, { settings: { dmPolicy: "pairing" } });
    const { channel, simulator, run } = world;
    const says = (text: string) => ({ stdout: expect.stringContaining(text) });
    expect(await run(["pairing", "list"])).toMatchObject({ code: 0, ...says("Nobody waits") });
    const ada = await asks(world, "Ada");
    const bob = await asks(world, "Bob");
    const cem = await asks(world, "Cem");

    const shown = await run(["pairing", "list", channel]);
    const listed = await world.ask<Listed & { channel: string }>("pairing", "list", channel, "--account", "default");
    expect(listed).toMatchObject({ channel, requests: [{ senderLabel: "Ada" }, { senderLabel: "Bob" }, {}] });
    for (const { requestId, senderId, senderLabel } of listed.requests) {
      const line = new RegExp(`^${channel}:default +${senderId} +${senderLabel}.* ago +\\d+ min +${requestId}$`, "m");
      expect(shown.stdout).toMatch(line);
    }
    for (const { code } of [ada, bob, cem]) expect(shown.stdout + JSON.stringify(listed)).not.toContain(code);
    expect((await world.ask<Listed>("pairing", "list", channel, "--account", "work")).requests).toEqual([]);

    expect(await world.ask<Listed>("pairing", "list", "--channel", channel)).toEqual(
      await world.ask("pairing", "list", channel),
    );
    expect((await world.ask<Listed>("pairing", "list", "--channel", "webhook")).requests).toEqual([]);
    for (const twice of [["list"], ["approve", "ABCD2345"], ["dismiss", "ABCD2345"]]) {
      const [verb = "", ...code] = twice;
      const both = await run(["pairing", verb, channel, ...code, "--channel", "webhook"]);
      expect([both.code, both.stderr]).toEqual([2, expect.stringContaining("name one channel")]);
    }
    const many = await run(["pairing", "approve", channel, "ABCD2345", "more"]);
    expect([many.code, many.stderr]).toEqual([2, expect.stringContaining("nothing else")]);

    const wrong = await run(["pairing", "approve", channel, "ABCD2345"]);
    expect([wrong.code, wrong.stdout]).toEqual([2, ""]);
    expect(wrong.stderr).toContain(`Nobody who waits on ${channel}:default has that code`);
    expect(wrong.stderr).toContain("a code is valid for an hour");

    // As the stranger was told to say it.
    const approved = await run([...ada.command, "--notify"]);
    expect(approved).toMatchObject({ code: 0, ...says(`may write to ${channel}:default now`) });
    expect(approved).toMatchObject(says("they are its owner now"));
    expect(approved).toMatchObject(says("They were told so"));
    await simulator.waitFor(({ text }) => text.includes("You are known here now"), ada);
    await simulator.say({ from: "Ada", text: "/pairing" });
    await simulator.waitFor(({ text }) => text.includes("Waiting"), ada);

    const dismissed = listed.requests[1]?.requestId ?? "";
    const dismiss = ["pairing", "dismiss", "--channel", channel, dismissed];
    expect(await run(dismiss)).toMatchObject({ code: 0, ...says("is dismissed") });
    const again = await run(["pairing", "dismiss", channel, dismissed, "--json"]);
    expect([again.code, again.json()]).toMatchObject([2, { error: { code: "REQ_002" } }]);

    // Ids that look like options, short and long, are read as ids.
    for (const id of ["-a2345678_123456789-123456789_12", "--notify8_123456789-123456789_12"]) {
      for (const verb of ["approve", "dismiss"]) {
        const unknown = await run(["pairing", verb, channel, id, "--json"]);
        expect([id, unknown.code, unknown.json()]).toMatchObject([id, 2, { error: { code: "REQ_002" } }]);
      }
    }

    await world.process.stop();
    expect((await world.ask<Listed>("pairing", "list")).requests).toMatchObject([{ senderLabel: "Cem" }]);
    // The only channel there is needs no name.
    const alone = await run(["pairing", "approve", cem.code.toLowerCase(), "--notify"]);
    expect(alone).toMatchObject({ code: 0, ...says("They could not be told") });
    expect(alone.stdout).not.toContain("owner");
    await world.restart();
    await simulator.say({ from: "Cem", text: "am I in" });
    await simulator.waitFor(({ text }) => text === "am I in", cem);
    expect(simulator.sent(cem).filter(({ text }) => text.includes("known here"))).toEqual([]);
  });
});
