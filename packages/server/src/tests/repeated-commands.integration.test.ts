/**
 * A command that decides has a transaction of its own. When the gateway ends before the event is settled, the event is
 * worked on again: what it did is done once, and its owner reads what it did.
 */
import { join } from "node:path";
import { DEFAULT_TENANT, type PeerId, type RawEvent } from "@switchboard/domain";
import { decodeSetupCode } from "@switchboard/protocol";
import { openMediaStore } from "@switchboard/store/media";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";
import { createSetupDesk } from "../setup/setup-desk.ts";
import { startTestEngine, type TestEngine } from "../test-support/engine.ts";
import { eventually } from "../test-support/eventually.ts";
import { pressed, type ScriptedPlatform, said, scriptedPlatform } from "../test-support/scripted-channel.ts";
import { TestClock } from "../test-support/test-clock.ts";
import { TestDevice } from "../test-support/test-device.ts";

interface World extends AsyncDisposable {
  readonly engine: TestEngine;
  readonly platform: ScriptedPlatform;
  /** Takes an event whose first settlement does not reach the store; `meanwhile`: before it is worked on again. */
  twice(event: (at: number) => RawEvent, meanwhile?: () => Promise<unknown>): Promise<void>;
  /** What Ada was told since the last call. */
  told(): Promise<string[]>;
}

/** Ada owns the account. */
async function world(): Promise<World> {
  const platform = scriptedPlatform({ buttons: 10 });
  const clock = new TestClock(20);
  const directory = await temporaryDirectory();
  const media = await openMediaStore(join(directory.path, "media"));
  let lost: (() => Promise<unknown>) | undefined;
  let losses = 0;
  const engine = await startTestEngine({
    platform,
    clock,
    setupDesk: (devices) =>
      createSetupDesk({
        devices,
        media,
        reachability: async () => ({ host: "127.0.0.1", port: 18_789, tls: false, addresses: [] }),
        fingerprint: () => undefined,
      }),
    store: (store) => ({
      ...store,
      inbox: {
        ...store.inbox,
        async settle(...args) {
          const meanwhile = lost;
          lost = undefined;
          if (!meanwhile) return store.inbox.settle(...args);
          losses += 1;
          await meanwhile();
          throw new Error("the process ended here");
        },
      },
    }),
  });
  await engine.put("a", "secret", { dmPolicy: "pairing", allowFrom: ["Ada"], owners: ["Ada"] });
  let read = 0;
  return {
    engine,
    platform,
    async twice(event, meanwhile = async () => {}) {
      lost = meanwhile;
      const before = losses;
      await engine.receive("a", event(clock.now()));
      await eventually(async () => {
        const { rows } = await engine.store.inbox.list(DEFAULT_TENANT, { limit: 500 });
        return rows.every(({ state }) => state === "handled" || state === "denied");
      });
      expect(losses - before).toBe(1);
    },
    async told() {
      const toAda = () => platform.sent.filter(({ conversation }) => conversation === "Ada").map(({ text }) => text);
      await eventually(async () => {
        const { rows } = await engine.store.outbox.list(DEFAULT_TENANT, { limit: 500 });
        return rows.every(({ state }) => state === "sent");
      });
      const all = toAda().slice(read);
      read += all.length;
      return all;
    },
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await directory.remove();
    },
  };
}

/** Asks to be let in, and waits. */
async function asks({ engine }: World, from: string): Promise<string> {
  await engine.receive("a", said(`hello from ${from}`, from, "hello", 0));
  const found = await eventually(async () => {
    const requests = await engine.engine.pairings.pending(DEFAULT_TENANT, {});
    return requests.find(({ sender }) => sender === (from as PeerId));
  });
  return found.id;
}

function deviceAsks({ engine }: World) {
  const device = new TestDevice();
  return engine.devices.ask(DEFAULT_TENANT, {
    claims: { device: device.id, publicKey: device.publicKey, clientId: "openclaw-ios", clientMode: "ui" },
    reason: "not-paired",
    roles: ["operator"],
    scopes: ["operator.read"],
  });
}

const actionsOf = async ({ engine }: World) =>
  (await engine.store.audit.list(DEFAULT_TENANT, { limit: 500 })).rows
    .map(({ action }) => action)
    .filter((action) => !action.startsWith("access."));

describe.concurrent("a command whose event is worked on again", () => {
  it("ACC-3 lets a person in once, tells them once, and says so", async () => {
    await using here = await world();
    const request = await asks(here, "Bob");
    await here.told();
    await here.twice((at) => pressed("p1", "Ada", `/pairing approve ${request}`, at));
    expect(await here.told()).toEqual([expect.stringContaining("Let in: `Bob`")]);
    const welcomes = here.platform.sent.filter(({ text }) => text.includes("You are known here now"));
    expect(welcomes.map(({ conversation }) => conversation)).toEqual(["Bob"]);
    expect(await actionsOf(here)).toEqual(["pairing.approved"]);
    // Another press is another event: that was decided already.
    await here.engine.receive("a", pressed("p2", "Ada", `/pairing approve ${request}`, 0));
    await eventually(() => here.platform.sent.some(({ text }) => text.includes("decided already")));
  });

  it("ACC-3 dismisses once, also when the person asked again meanwhile", async () => {
    await using here = await world();
    await asks(here, "Bob");
    const [{ code = "" } = {}] = await here.engine.store.pairing.list(DEFAULT_TENANT, {});
    await here.told();
    await here.twice(
      (at) => said("m1", "Ada", `/pairing dismiss ${code.toLowerCase()}`, at),
      () => here.engine.receive("a", said("again", "Bob", "hello again", 0)),
    );
    expect((await here.told()).filter((text) => !text.includes("wants to"))).toContainEqual(
      expect.stringContaining("Dismissed: `Bob`"),
    );
    expect(await actionsOf(here)).toEqual(["pairing.dismissed"]);
    const [other] = await here.engine.store.pairing.list(DEFAULT_TENANT, {});
    expect(other?.code).not.toBe(code);
  });

  it("DEV-8 decides on the device that waited then, and on no other that came meanwhile", async () => {
    await using here = await world();
    const { devices } = here.engine;
    for (const [verb, word] of [
      ["approve", "Approved"],
      ["reject", "Refused"],
    ] as const) {
      const first = await deviceAsks(here);
      let second: Awaited<ReturnType<typeof deviceAsks>> | undefined;
      await here.twice(
        (at) => said(verb, "Ada", `/pair ${verb}`, at),
        async () => {
          second = await deviceAsks(here);
        },
      );
      expect(await here.told()).toEqual([expect.stringContaining(`${word}: \`${first.id.slice(0, 8)}\``)]);
      expect(devices.requests(DEFAULT_TENANT).map(({ id }) => id)).toEqual([second?.id]);
      expect(devices.get(DEFAULT_TENANT, first.device) !== undefined).toBe(verb === "approve");
      await devices.reject(DEFAULT_TENANT, second?.id ?? "", {
        actor: "operator:test",
        scopes: ["operator.admin"],
        nodes: true,
      });
    }
    const actions = await actionsOf(here);
    expect(actions.filter((action) => action === "device.approved")).toHaveLength(1);
  });

  it("DEV-6 leaves one setup code, which is the one that was told", async () => {
    await using here = await world();
    await here.twice((at) => said("m1", "Ada", "/pair here", at));
    const [text = "", ...more] = await here.told();
    expect(more).toEqual([]);
    const [, code = ""] = /```\n(\S+)\n```/.exec(text) ?? [];
    const { setupCodes } = here.engine.devices;
    expect(setupCodes.open(DEFAULT_TENANT)).toHaveLength(1);
    const { bootstrapToken } = decodeSetupCode(code, 0);
    expect(await setupCodes.present(DEFAULT_TENANT, bootstrapToken, new TestDevice().id)).toBeDefined();
    // Whoever asks again gets another one beside it.
    await here.engine.receive("a", said("m2", "Ada", "/pair here", 0));
    await eventually(() => setupCodes.open(DEFAULT_TENANT).length === 2);
  });
});
