/** What owners are told of devices that wait: no more often than they can read it, and not for longer than it is so. */
import { DEFAULT_TENANT } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { notifyChats } from "../faces/setup-notices.ts";
import { startTestEngine } from "../test-support/engine.ts";
import { eventually } from "../test-support/eventually.ts";
import { scriptedPlatform } from "../test-support/scripted-channel.ts";
import { TestClock } from "../test-support/test-clock.ts";

const MINUTE_MS = 60_000;

async function world(buttons: number) {
  const platform = scriptedPlatform({ buttons });
  const clock = new TestClock();
  const test = await startTestEngine({ platform, clock });
  notifyChats(test.devices, test.engine, test.log);
  await test.put("default", "secret", { approvals: "owners" });
  const ask = (device: string, name: string) =>
    test.devices.ask(DEFAULT_TENANT, {
      claims: { device, publicKey: device, clientId: "phone", clientMode: "ui", platform: name },
      reason: "not-paired",
      roles: ["operator"],
      scopes: ["operator.read"],
    });
  const told = (count: number) => eventually(() => platform.sent.length >= count && platform.sent);
  return { ...test, ask, clock, platform, told };
}

describe.concurrent("DEV-8 owners are told of a device that waits", () => {
  it("in words that name it where there are no buttons: a number would choose from a newer offer", async () => {
    await using it = await world(0);
    const [first, second] = [await it.ask("a", "iOS"), await it.ask("b", "iOS")];
    const [one, other] = await it.told(2);
    expect([one?.buttons, other?.buttons]).toEqual([[], []]);
    expect(one?.text).toContain(`/pair approve ${first.id}`);
    expect(other?.text).toContain(`/pair reject ${second.id}`);
  });

  it("with buttons where there are some", async () => {
    await using it = await world(2);
    const { id } = await it.ask("a", "iOS");
    const [notice] = await it.told(1);
    expect(notice?.buttons).toEqual([`/pair approve ${id} openly`, `/pair reject ${id} openly`]);
  });

  it("once a minute for each, however often it asks otherwise", async () => {
    await using it = await world(0);
    const first = await it.ask("a", "iOS");
    for (const name of ["1", "2", "3"]) await it.ask("a", name);
    const other = await it.ask("b", "iOS");
    await it.told(2);
    it.clock.jump(MINUTE_MS);
    const later = await it.ask("a", "4");
    const texts = (await it.told(3)).map(({ text }) => /pair approve ([\w-]+)/.exec(text)?.[1]);
    expect(texts).toEqual([first.id, other.id, later.id]);
  });

  it("not once its request is dead, and not by an account that is off", async () => {
    await using it = await world(0);
    await it.put("off", "other", { approvals: "owners" });
    await it.engine.accounts.enable(it.ref("off"), false);
    const request = await it.ask("a", "iOS");
    const { rows } = await eventually(async () => {
      const found = await it.store.outbox.list(DEFAULT_TENANT, {});
      return found.rows.length > 0 && found;
    });
    expect(rows).toMatchObject([{ account: "default", expiresAt: request.refreshedAt + 5 * MINUTE_MS }]);
  });
});
