/** Logging in by steps, at two nodes on one store: which one is asked makes no difference. */
import { accountMemory, type BeginLogin, Logins, sealedMemory } from "@switchboard/core";
import {
  type AccountId,
  type AccountRef,
  type ChannelId,
  type Install,
  type JsonObject,
  type LoggedIn,
  type Login,
  type LoginRequest,
  type PeerId,
  SwitchboardError,
  type TenantId,
} from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { memoryLog } from "../test-support/memory-log.ts";
import { SCRIPTED, scriptedPlatform } from "../test-support/scripted-channel.ts";
import { vaultWorld } from "../test-support/vault-world.ts";

const ref: AccountRef = { tenant: "t1" as TenantId, channel: SCRIPTED, account: "tenant-t1" as AccountId };
const never = new AbortController().signal;

type Steps = (request: LoginRequest) => Promise<LoggedIn>;

const done: LoggedIn = { config: { token: "made by the login" } };

async function world(kind: Login["kind"] | Install<unknown>, steps: Steps = async () => done) {
  const it = await vaultWorld();
  const { clock, store } = it;
  const login: Login | undefined = typeof kind === "string" ? { kind, own: ["token"], run: steps } : undefined;
  const { channel } = scriptedPlatform(typeof kind === "string" ? { ...(login && { login }) } : { install: kind });
  const redirectUrl = (id: ChannelId) => `https://gateway.example/install/${id}`;
  const finished: LoggedIn[] = [];
  const node = async () => {
    const { vault } = await it.again();
    return new Logins({ store, vault, clock, log: memoryLog(), redirectUrl });
  };
  const [here, there] = [await node(), await node()];
  return {
    ...it,
    here,
    there,
    node,
    finished,
    begin: (changes: Partial<BeginLogin> & { readonly at?: Logins; readonly ref?: AccountRef } = {}) => {
      const { at = here, ref: of = ref, ...options } = changes;
      const finish = async (loggedIn: LoggedIn) => void finished.push(loggedIn);
      return at.begin(of, { channel, config: {}, restart: false, finish, ...options });
    },
    ended: (id: string, at = there) =>
      eventually(async () => {
        const row = await at.get(ref, id);
        return ["done", "failed", "expired", "cancelled"].includes(row.state) && row;
      }),
    async [Symbol.asyncDispose]() {
      await Promise.all([here.stop(), there.stop()]);
      await it[Symbol.asyncDispose]();
    },
  };
}

/** Confirmed on the phone when the test says so. */
function byQr() {
  const confirmed = Promise.withResolvers<void>();
  const shown = Promise.withResolvers<LoginRequest>();
  const steps: Steps = async (request) => {
    await request.showQr("first picture", "Scan this.");
    shown.resolve(request);
    await confirmed.promise;
    return done;
  };
  return { steps, confirm: () => confirmed.resolve(), shown: shown.promise };
}

describe("TEN-1 logging in by steps", () => {
  it("shows a QR code and its successors, at every node, and makes the account of what it comes to", async () => {
    const { confirm, shown, steps } = byQr();
    await using it = await world("qr", steps);
    const begun = await it.begin();
    expect(begun).toMatchObject({ kind: "qr", state: "qr", payload: "first picture", text: "Scan this." });
    const next = it.there.wait(ref, begun.id, begun.revision, 60_000, never);
    await (await shown).showQr("second picture", "Scan this.");
    expect(await next).toMatchObject({ state: "qr", payload: "second picture" });
    expect(it.finished).toEqual([]);
    confirm();
    const end = await it.ended(begun.id);
    expect([end.state, end.payload, it.finished]).toEqual(["done", undefined, [done]]);
    expect(end.revision).toBeGreaterThan(begun.revision + 1);
  });

  it("CRED-1 nothing of a login is readable in the store", async () => {
    const { steps } = byQr();
    await using it = await world("qr", steps);
    await it.begin();
    const sealed = await it.store.vault.sealed(ref.tenant);
    expect(sealed.map(({ key }) => key)).toEqual(["sealed/login"]);
    expect(JSON.stringify(sealed)).not.toContain("picture");
    const text = await sealedMemory(ref, accountMemory(ref, it), it.vault).get("login");
    expect(text).toContain("first picture");
  });

  it("takes a code at the node that was not asked for the login, refuses one that nobody asked for, and ends guessing", async () => {
    const codes: string[] = [];
    await using it = await world("code", async ({ askCode }) => {
      for (let text = "Type the code."; ; text = "That was wrong. Type it again.") {
        const code = await askCode(text);
        codes.push(code);
        if (code === "123-456") return done;
      }
    });
    const begun = await it.begin();
    expect(begun).toMatchObject({ state: "code", text: "Type the code." });
    const typed = await it.there.type(ref, begun.id, " wrong ");
    expect(typed.state).toBe("wait");
    const again = await eventually(async () => {
      const row = await it.there.get(ref, begun.id);
      return row.state === "code" && row;
    });
    expect(again.text).toContain("again");
    await it.here.type(ref, begun.id, "123-456");
    expect((await it.ended(begun.id)).state).toBe("done");
    expect(codes).toEqual(["wrong", "123-456"]);

    const guessed = await it.begin();
    for (let count = 0; count < 5; count += 1) {
      await eventually(async () => (await it.here.get(ref, guessed.id)).state === "code");
      await it.here.type(ref, guessed.id, "guess");
    }
    expect(await it.ended(guessed.id)).toMatchObject({ state: "failed", error: { code: "REQ_001" } });
    await it.there.type(ref, guessed.id, "late");
    expect((await it.there.get(ref, guessed.id)).state).toBe("failed");
  });

  it("one login an account at a time; the newer one may take the place of the other, and each can be cancelled", async () => {
    const { shown, steps } = byQr();
    await using it = await world("qr", steps);
    const first = await it.begin();
    await expect(it.begin({ at: it.there })).rejects.toMatchObject({ code: "REQ_004" });
    const second = await it.begin({ at: it.there, restart: true });
    await expect(it.here.get(ref, first.id)).rejects.toMatchObject({ code: "REQ_002" });
    const { signal } = await shown;
    await eventually(() => signal.aborted, { what: "the first login's steps are told" });
    const cancelled = await it.here.cancel(ref, second.id);
    expect([cancelled.state, cancelled.payload]).toEqual(["cancelled", undefined]);
    expect((await it.begin()).state).toBe("qr");
    expect(it.finished).toEqual([]);
  });

  it("another tenant's login, and another account's, is not there", async () => {
    const { steps } = byQr();
    await using it = await world("qr", steps);
    const { id } = await it.begin();
    for (const other of [
      { ...ref, tenant: "t2" as TenantId },
      { ...ref, account: "x" as AccountId },
    ]) {
      for (const attempt of [it.here.get(other, id), it.here.cancel(other, id), it.here.type(other, id, "1")]) {
        await expect(attempt).rejects.toMatchObject({ code: "REQ_002" });
      }
    }
    expect((await it.here.get(ref, id)).state).toBe("qr");
  });

  it("has expired when it took too long, and when its process is gone", async () => {
    const { steps } = byQr();
    await using it = await world("qr", steps);
    const slow = await it.begin();
    it.clock.jump(10 * 60_000);
    expect(await it.there.get(ref, slow.id)).toMatchObject({ state: "expired", error: { code: "CONN_007" } });

    const crashing = await it.begin();
    const alive = await it.there.get(ref, crashing.id);
    expect(alive.state).toBe("qr");
    const orphan = JSON.stringify({ ...alive, id: "orphan", aliveUntil: it.clock.now() + 1_000 });
    const memory = await it.store.accounts.memoryGet(ref, "sealed/login", it.clock.now());
    const to = await it.vault.seal(ref, "memory", { login: orphan });
    await it.store.accounts.memorySwap(ref, [{ key: "sealed/login", from: memory ?? "", to }], it.clock.now());
    it.clock.jump(1_000);
    const seen = await it.there.get(ref, "orphan");
    expect(seen).toMatchObject({ state: "expired", text: expect.stringContaining("stopped") });
    expect((await it.begin({ at: it.there })).state).toBe("qr");
    expect(it.finished).toEqual([]);
  });

  it("a gateway that stops tells whoever logs in", async () => {
    const { steps } = byQr();
    await using it = await world("qr", steps);
    const { id } = await it.begin();
    await it.here.stop();
    expect(await it.there.get(ref, id)).toMatchObject({ state: "expired", text: expect.stringContaining("stopped") });
  });

  it("says why it failed, also when what the account remembers was wiped by then", async () => {
    await using it = await world("qr");
    const finish = async () => {
      await it.store.accounts.remove(ref);
      throw new SwitchboardError("CONN_002", "The platform took it back.");
    };
    const { id } = await it.begin({ finish });
    expect(await it.ended(id)).toMatchObject({ state: "failed", error: { code: "CONN_002" } });
  });

  it("is too late to cancel while the account is being connected", async () => {
    const connecting = Promise.withResolvers<void>();
    await using it = await world("qr");
    const { id } = await it.begin({ finish: () => connecting.promise });
    await eventually(async () => (await it.there.get(ref, id)).connecting);
    await expect(it.there.cancel(ref, id)).rejects.toMatchObject({ code: "REQ_004" });
    await expect(it.begin({ restart: true })).rejects.toMatchObject({ code: "REQ_004" });
    connecting.resolve();
    expect((await it.ended(id)).state).toBe("done");
  });

  it("TEN-5 a tenant that begins without end is told to wait, at whichever node; another is not", async () => {
    await using it = await world("qr", async () => {
      throw new SwitchboardError("CONN_001", "No.");
    });
    for (let count = 0; count < 30; count += 1) {
      await it.begin({ at: count % 2 === 0 ? it.here : it.there, restart: true });
    }
    await expect(it.begin({ restart: true })).rejects.toMatchObject({ code: "SEC_011", retryable: true });
    expect((await it.begin({ ref: { ...ref, tenant: "t2" as TenantId } })).state).toBe("failed");
    it.clock.jump(15 * 60_000);
    expect((await it.begin()).state).toBe("failed");
  });
});

/** A platform that lets an app in and gives out codes; each is good once. */
function letsIn(codes: Set<string>): Install<unknown> {
  return {
    own: ["token"],
    authorizeUrl: ({ redirectUrl, state }) =>
      `https://platform.example/?${new URLSearchParams({ redirect: redirectUrl, state })}`,
    async complete({ code, config }) {
      if (!codes.delete(code)) throw new SwitchboardError("REQ_001", "The code is not good.");
      return {
        account: "somewhere" as AccountId,
        self: { id: "bot" as PeerId, space: "somewhere" },
        title: "Somewhere",
        config: { token: `token of ${(config as JsonObject).clientId}` },
      };
    },
  };
}

function stateIn(url: string | undefined): string {
  return new URL(url ?? "").searchParams.get("state") ?? "";
}

describe("TEN-1 logging in on a page of the platform", () => {
  const config = { clientId: "our app" };

  it("exchanges the code that comes back, at whichever node, once", async () => {
    const codes = new Set(["good", "another"]);
    await using it = await world(letsIn(codes));
    const begun = await it.begin({ config });
    expect(begun.state).toBe("redirect");
    expect(new URL(begun.payload ?? "").searchParams.get("redirect")).toBe(
      `https://gateway.example/install/${SCRIPTED}`,
    );
    const state = stateIn(begun.payload);
    const both = await Promise.allSettled(
      [it.there, it.here].map((at) => at.returned(SCRIPTED, { state, code: "good", browsers: [] })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await it.ended(begun.id)).state).toBe("done");
    const self = { id: "bot", space: "somewhere" };
    expect(it.finished).toEqual([{ config: { token: "token of our app" }, self }]);
    const again = it.here.returned(SCRIPTED, { state, code: "another", browsers: [] });
    await expect(again).rejects.toMatchObject({ code: "SEC_002" });
    expect([...codes]).toEqual(["another"]);
  });

  it("SEC_002 takes no forged state, no old one, none of a cancelled login, and none by another browser", async () => {
    const codes = new Set(["good"]);
    await using it = await world(letsIn(codes));
    const refused = async (state: string, browsers: readonly string[] = []) => {
      const attempt = it.there.returned(SCRIPTED, { state, code: "good", browsers });
      await expect(attempt).rejects.toMatchObject({ code: "SEC_002" });
    };
    const mine = await it.begin({ config, browser: "what my browser holds" });
    const state = stateIn(mine.payload);
    const [head = "", signature = ""] = state.slice("login.".length).split(".");
    const forged = Buffer.from(Buffer.from(head, "base64url").toString().replace("t1", "t2")).toString("base64url");
    for (const each of ["", "login.", `login.${head}.`, `login.${forged}.${signature}`, `login.${state}`]) {
      await refused(each, ["what my browser holds"]);
    }
    await refused(state);
    await refused(state, ["what another holds"]);
    // All that did not use it up.
    const back = { state, code: "good", browsers: ["another's", "what my browser holds"] };
    expect((await it.there.returned(SCRIPTED, back)).state).toBe("done");

    codes.add("good");
    const cancelled = await it.begin({ config });
    await it.here.cancel(ref, cancelled.id);
    await refused(stateIn(cancelled.payload));
    const old = await it.begin({ config });
    it.clock.jump(10 * 60_000);
    await refused(stateIn(old.payload));
    expect([[...codes], it.finished.length]).toEqual([["good"], 1]);
  });

  it("REQ_001 a person who says no, and a code that is not good, end it in words", async () => {
    await using it = await world(letsIn(new Set()));
    const said = async (back: { readonly code?: string; readonly error?: string }) => {
      const { payload } = await it.begin({ config });
      return it.here.returned(SCRIPTED, { state: stateIn(payload), browsers: [], ...back });
    };
    const no = await said({ error: "access_denied" });
    expect([no.state, no.text]).toEqual(["failed", expect.stringContaining("access_denied")]);
    expect((await said({ error: "<b>" })).text).not.toContain("<b>");
    expect(await said({ code: "bad" })).toMatchObject({ state: "failed", error: { code: "REQ_001" } });
    expect(it.finished).toEqual([]);
  });
});
