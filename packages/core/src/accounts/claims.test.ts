import type { AccountId, AccountRef, ChannelId, TenantId } from "@switchboard/domain";
import { expect, it } from "vitest";
import { noLog, type Store } from "../ports/index.ts";
import { Claims } from "./claims.ts";

const REF: AccountRef = { tenant: "t" as TenantId, channel: "any" as ChannelId, account: "a" as AccountId };

/** Time that goes on by hand. */
function handClock() {
  let now = 0;
  let tasks: { readonly at: number; readonly task: () => void }[] = [];
  const due = () => tasks.filter(({ at }) => at <= now);
  return {
    now: () => now,
    after(ms: number, task: () => void) {
      const entry = { at: now + ms, task };
      tasks.push(entry);
      return () => {
        tasks = tasks.filter((each) => each !== entry);
      };
    },
    async go(ms: number) {
      for (const until = now + ms; now < until; ) {
        now += 500;
        for (let some = due(); some.length > 0; some = due()) {
          tasks = tasks.filter((each) => !some.includes(each));
          for (const { task } of some) task();
          for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
        }
      }
    },
  };
}

it("TEN-7 a node whose database says nothing any more stops at the end of its lease, not when the call fails", async () => {
  const clock = handClock();
  let hangs = false;
  const accounts = {
    claim: async () => 1,
    keep: () => (hangs ? new Promise(() => {}) : Promise.resolve([REF])),
    vacant: async () => [],
  };
  const store = { accounts } as unknown as Pick<Store, "accounts">;
  const claims = new Claims({ store, clock, log: noLog, owner: "one", tell: () => {} });
  claims.start();
  const { lost } = await claims.take(REF, new AbortController().signal, () => {});
  await clock.go(60_000);
  expect(lost.aborted).toBe(false);
  hangs = true;
  await clock.go(10_000);
  expect(lost.aborted).toBe(false);
  await clock.go(6_000);
  expect(lost.aborted).toBe(true);
  claims.stop();
});
