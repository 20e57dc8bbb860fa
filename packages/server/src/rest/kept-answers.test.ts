/** What becomes of answers when nodes crash, keys are away and tenants ask for too much: on a real store and vault. */
import { renameSync } from "node:fs";
import { type ErrorCode, SwitchboardError, type TenantId } from "@switchboard/domain";
import { unique } from "@switchboard/testkit/factories";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { memoryLog } from "../test-support/memory-log.ts";
import { type VaultWorld, vaultWorld } from "../test-support/vault-world.ts";
import { type Asked, KeptAnswers, type KeptAnswersPorts, type Said } from "./kept-answers.ts";

const MINUTE = 60_000;
const said: Said = { status: 201, text: '{"secret":"shown once"}', cookies: ["a=b"] };
const replayed = { ...said, replayed: true };
const refused = (code: ErrorCode, more = {}) => expect.objectContaining({ code, ...more });

describe("TEN-1 an answer that is kept", () => {
  let world: VaultWorld;
  /** Of another tenant in each test. */
  let asked: Asked;
  let done: number;
  let now: number;
  let due: { readonly at: number; readonly task: () => void }[];
  const clock = {
    now: () => now,
    after(ms: number, task: () => void) {
      const each = { at: now + ms, task };
      due.push(each);
      return () => {
        due = due.filter((other) => other !== each);
      };
    },
  };
  const pass = (ms: number) => {
    now += ms;
    const late = due.filter(({ at }) => at <= now);
    due = due.filter(({ at }) => at > now);
    for (const { task } of late) task();
  };
  const kept = (changes: Partial<KeptAnswersPorts> = {}) =>
    new KeptAnswers({
      answers: world.store.answers,
      vault: world.vault,
      clock,
      log: memoryLog(),
      ...changes,
    });
  const work = async () => {
    done += 1;
    return said;
  };
  beforeAll(async () => {
    world = await vaultWorld();
  });
  beforeEach(() => {
    done = 0;
    now = 1_000_000_000;
    due = [];
    const principal = { tenant: unique("tenant") as TenantId, id: "key:one" };
    asked = { principal, key: "k", method: "POST", url: "/api/v1/things", body: { name: "it" } };
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  it("is everybody's who asks the same, on another node, too, and ends after a day", async () => {
    expect(await kept().once(asked, work)).toEqual(said);
    const other = kept({ vault: (await world.again()).vault });
    expect(await other.once(asked, work)).toEqual(replayed);
    pass(24 * 60 * MINUTE);
    expect(await other.once(asked, work)).toEqual(said);
    expect(done).toBe(2);
  });

  it("is waited for no longer than two minutes after a crash, and as long as the work goes on", async () => {
    const long = Promise.withResolvers<Said>();
    const started = Promise.withResolvers<void>();
    const first = kept().once(asked, () => {
      started.resolve();
      return long.promise;
    });
    await started.promise;
    const second = kept();
    const busy = refused("REQ_004", { retryable: true, retryAfterMs: expect.any(Number) });
    for (let minutes = 0; minutes < 10; minutes += 1) {
      await expect(second.once(asked, work)).rejects.toEqual(busy);
      pass(MINUTE);
    }
    await expect(second.once({ ...asked, body: "other" }, work)).rejects.toEqual(refused("REQ_006"));
    long.resolve(said);
    expect([await first, await second.once(asked, work), done]).toEqual([said, replayed, 0]);
    expect(due).toEqual([]);

    // A node that is gone neither goes on nor says that it does.
    const again = { ...asked, key: "crashed" };
    const deaf = { ...clock, after: () => () => {} };
    const begun = Promise.withResolvers<void>();
    void kept({ clock: deaf }).once(again, () => {
      begun.resolve();
      return new Promise(() => {});
    });
    await begun.promise;
    await expect(second.once(again, work)).rejects.toEqual(busy);
    pass(2 * MINUTE);
    await expect(second.once({ ...again, body: "other" }, work)).rejects.toEqual(refused("REQ_006"));
    expect(await second.once(again, work)).toEqual(said);
  });

  it.each<[string, unknown, boolean]>([
    ["a refusal", new SwitchboardError("REQ_002"), true],
    ["a conflict", new SwitchboardError("REQ_004"), true],
    ["a conflict that passes", new SwitchboardError("REQ_004", "busy", { retryable: true }), false],
    ["missing authority", new SwitchboardError("SEC_003"), false],
    ["too many requests", new SwitchboardError("SEC_011"), false],
    ["a platform in trouble", new SwitchboardError("CONN_001"), false],
    ["a defect", new TypeError("x is undefined"), false],
  ])("%s: %s is answered alike again, or tried again", async (_what, thrown, isKept) => {
    const fail = async () => {
      throw thrown;
    };
    await expect(kept().once(asked, fail)).rejects.toBe(thrown);
    const again = await kept().once(asked, work);
    expect([done, again.status < 400]).toEqual(isKept ? [0, false] : [1, true]);
    if (thrown instanceof SwitchboardError && isKept) {
      expect(JSON.parse(again.text)).toMatchObject({ status: again.status, code: thrown.code, action: thrown.action });
    }
  });

  it("SEC_008 is not kept while the vault's key is away, and is asked for again when it is back", async () => {
    await kept().once(asked, work);
    renameSync(world.keyFile, `${world.keyFile}.away`);
    const { ring, vault } = await world.again();
    const without = kept({ vault });
    await expect(without.once(asked, work)).rejects.toEqual(refused("SEC_008", { retryable: true }));
    const meanwhile = { ...asked, key: "meanwhile" };
    expect(await without.once(meanwhile, work)).toEqual(said);
    const lost = refused("REQ_004", { retryable: false, message: expect.stringContaining("done before") });
    await expect(without.once(meanwhile, work)).rejects.toEqual(lost);
    renameSync(`${world.keyFile}.away`, world.keyFile);
    await ring.load();
    await expect(without.once(meanwhile, work)).rejects.toEqual(lost);
    expect([await without.once(asked, work), done]).toEqual([replayed, 2]);
  });

  it("is not kept when it is too large", async () => {
    const large = { ...said, text: "x".repeat(64 * 1024 + 1) };
    expect(await kept().once(asked, async () => large)).toEqual(large);
    const lost = refused("REQ_004", { message: expect.stringContaining("too large") });
    await expect(kept().once(asked, work)).rejects.toEqual(lost);
    expect(done).toBe(0);
  });

  it("TEN-5 SEC_011 is one of so many that a tenant may have at once", async () => {
    const few = kept({ most: 2 });
    for (const key of ["a", "b"]) await few.once({ ...asked, key }, work);
    const full = refused("SEC_011", { retryable: true, retryAfterMs: 24 * 60 * MINUTE });
    await expect(few.once({ ...asked, key: "c" }, work)).rejects.toEqual(full);
    expect(await few.once({ ...asked, key: "a" }, work)).toEqual(replayed);
    pass(24 * 60 * MINUTE);
    expect(await few.once({ ...asked, key: "c" }, work)).toEqual(said);
  });
});
