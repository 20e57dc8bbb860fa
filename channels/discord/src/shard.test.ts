/** The gateway connection against a Discord that does what it is told: what the simulator never does. */
import { type SwitchboardError, toErrorRecord } from "@switchboard/domain";
import { type ContractAccount, contractAccount } from "@switchboard/testkit/channel";
import { describe, expect, it } from "vitest";
import channel from "./index.ts";
import {
  message,
  ready,
  type ScriptedDiscord,
  type ScriptedOptions,
  scriptedDiscord,
  TOKEN,
} from "./scripted-discord.test.helper.ts";

interface Tie extends AsyncDisposable {
  readonly account: ContractAccount;
  readonly logged: string[];
  connect(): Promise<unknown>;
}

async function tie(discord: ScriptedDiscord, memory = new Map<string, string>(), config: object = {}): Promise<Tie> {
  const logged: string[] = [];
  const account = contractAccount({
    channel,
    config: { token: TOKEN, baseUrl: discord.url, requestTimeoutMs: 5_000, ...config },
    memory,
    generation: 1,
    log: (line) => logged.push(line),
  });
  const connection = await channel.open(account.context as never);
  return {
    account,
    logged,
    connect: () => connection.connect(),
    async [Symbol.asyncDispose]() {
      account.stop();
      await connection.disconnect();
    },
  };
}

/** Lets everybody in: a new session for each identify, and what `missed` says for a resume. */
function usual(url: () => string, more: Partial<ScriptedOptions> = {}): ScriptedOptions {
  return {
    onArrival: () => {},
    onFrame: (arrival, { op }, number) => {
      if (op === 2) ready(arrival, `session-${number}`, url());
      if (op === 6) arrival.tell(99, "RESUMED", {});
    },
    ...more,
  };
}

async function eventually(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 8_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`did not happen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

async function failure(work: Promise<unknown>): Promise<SwitchboardError> {
  return work.then(
    () => Promise.reject(new Error("it did not fail")),
    (thrown: SwitchboardError) => thrown,
  );
}

describe("CH-3 the gateway", () => {
  it("identifies with the intents of the settings, and resumes where the store is after a restart", async () => {
    let url = "";
    await using discord = await scriptedDiscord(usual(() => url));
    url = `${discord.wsUrl}/resumed`;
    const memory = new Map<string, string>();
    {
      await using first = await tie(discord, memory, { members: true });
      await first.connect();
      discord.arrivals[0]?.tell(2, "MESSAGE_CREATE", message("one"));
      await eventually(() => first.account.received.length === 1, "the message");
      expect(discord.arrivals[0]?.frames).toMatchObject([
        { op: 2, d: { token: TOKEN, shard: [0, 1], intents: 0b1011011000000011 } },
      ]);
    }
    expect(await discord.arrivals[0]?.closed, "any code but 1000 and 1001 keeps the session").toBe(4200);
    await using second = await tie(discord, memory);
    await second.connect();
    expect(discord.arrivals[1]?.path).toBe("/resumed/?v=10&encoding=json");
    expect(discord.arrivals[1]?.frames).toEqual([{ op: 6, d: { token: TOKEN, session_id: "session-1", seq: 2 } }]);
  });

  it("Q-1 counts a dispatch only when it is stored: what was in the air comes again", async () => {
    let url = "";
    await using discord = await scriptedDiscord(usual(() => url));
    url = discord.wsUrl;
    const memory = new Map<string, string>();
    {
      await using first = await tie(discord, memory);
      await first.connect();
      discord.arrivals[0]?.tell(2, "MESSAGE_CREATE", message("stored"));
      await eventually(() => first.account.received.length === 1, "the first message");
      const { release } = first.account.holdReceive();
      discord.arrivals[0]?.tell(3, "MESSAGE_CREATE", message("in the air"));
      await eventually(() => first.account.calls() === 2, "the second message");
      first.account.stop();
      release();
    }
    await using second = await tie(discord, memory);
    await second.connect();
    expect(discord.arrivals[1]?.frames).toMatchObject([{ op: 6, d: { seq: 2 } }]);
  });

  it("CONN-2 oc#54682 a zombie, which takes heartbeats and answers none, is left and resumed", async () => {
    let url = "";
    await using discord = await scriptedDiscord(usual(() => url, { heartbeatMs: 300, acks: (number) => number > 1 }));
    url = discord.wsUrl;
    await using it = await tie(discord);
    await it.connect();
    await eventually(() => discord.arrivals.length === 2, "a second connection");
    expect(discord.arrivals[0]?.beats.length).toBeLessThanOrEqual(2);
    await eventually(() => discord.arrivals[1]?.frames.length === 1, "its first word");
    expect(discord.arrivals[1]?.frames).toMatchObject([{ op: 6, d: { session_id: "session-1" } }]);
    await eventually(() => it.account.evidence.some(({ kind }) => kind === "pong"), "a pong as evidence");
  });

  it("heartbeats name the newest stored dispatch, and come at once when they are asked for", async () => {
    let url = "";
    await using discord = await scriptedDiscord(usual(() => url));
    url = discord.wsUrl;
    await using it = await tie(discord);
    await it.connect();
    discord.arrivals[0]?.tell(7, "MESSAGE_CREATE", message("one"));
    await eventually(() => it.account.received.length === 1, "the message");
    discord.arrivals[0]?.send({ op: 1 });
    await eventually(() => discord.arrivals[0]?.beats.length === 1, "a heartbeat");
    expect(discord.arrivals[0]?.beats).toEqual([7]);
  });

  it.each([
    ["a request for a new connection", (arrival: { send(frame: object): void }) => arrival.send({ op: 7 })],
    [
      "an invalid session that may be resumed",
      (arrival: { send(frame: object): void }) => arrival.send({ op: 9, d: true }),
    ],
    ["a close with 4000", ({ socket }: { socket: { close(code: number): void } }) => socket.close(4000)],
    ["a connection that breaks", ({ socket }: { socket: { terminate(): void } }) => socket.terminate()],
    ["a frame that is none", ({ socket }: { socket: { send(text: string): void } }) => socket.send("<html>")],
  ])("resumes after %s", async (_what, happens) => {
    let url = "";
    await using discord = await scriptedDiscord(usual(() => url));
    url = discord.wsUrl;
    await using it = await tie(discord);
    await it.connect();
    const [first] = discord.arrivals;
    if (first) happens(first as never);
    await eventually(() => discord.arrivals[1]?.frames.length === 1, "a second connection");
    expect(discord.arrivals[1]?.frames).toMatchObject([{ op: 6, d: { session_id: "session-1" } }]);
    await eventually(
      () => first?.socket.readyState === first?.socket.CLOSED,
      "the first is closed: no half-open socket",
    );
  });

  it("a session that Discord has forgotten is begun anew, over a new connection to the usual address", async () => {
    let url = "";
    await using discord = await scriptedDiscord(
      usual(() => url, {
        onFrame: (arrival, { op }, number) => {
          if (op === 6) arrival.send({ op: 9, d: false });
          else ready(arrival, `session-${number}`, url);
        },
      }),
    );
    url = `${discord.wsUrl}/resumed`;
    const memory = new Map<string, string>();
    {
      await using first = await tie(discord, memory);
      await first.connect();
    }
    await using second = await tie(discord, memory);
    await second.connect();
    expect(discord.arrivals.map(({ frames, path }) => [path.split("?")[0], frames[0]?.op])).toEqual([
      ["/", 2],
      ["/resumed/", 6],
      ["/", 2],
    ]);
    expect([...memory].find(([key]) => key.startsWith("session/"))?.[1]).toContain("session-3");
  });

  it.each([4007, 4009, 1000, 1001])("a close with %i ends the session, and the supervisor decides", async (code) => {
    let url = "";
    await using discord = await scriptedDiscord(usual(() => url));
    url = discord.wsUrl;
    const memory = new Map<string, string>();
    await using it = await tie(discord, memory);
    await it.connect();
    discord.arrivals[0]?.socket.close(code);
    expect(await it.account.lost).toMatchObject({ code: "CONN_001", retryable: true, details: { close: code } });
    expect([...memory.keys()].filter((key) => key.startsWith("session/"))).toEqual([]);
  });

  it("an address of a session that is gone is left for the usual one, and the session is resumed there", async () => {
    let url = "";
    await using discord = await scriptedDiscord(usual(() => url));
    // Nobody listens there.
    url = "ws://127.0.0.1:9";
    const memory = new Map<string, string>();
    {
      await using first = await tie(discord, memory);
      await first.connect();
    }
    {
      await using second = await tie(discord, memory);
      expect(await failure(second.connect())).toMatchObject({ code: "CONN_001", retryable: true });
    }
    await using third = await tie(discord, memory);
    await third.connect();
    expect(discord.arrivals[1]?.frames).toMatchObject([{ op: 6, d: { session_id: "session-1" } }]);
  });

  it("does not hammer: connections that end at once, again and again, are handed to the supervisor", async () => {
    let url = "";
    await using discord = await scriptedDiscord(
      usual(() => url, {
        onFrame: (arrival, { op }, number) => {
          if (op === 2) ready(arrival, `session-${number}`, url);
          else arrival.tell(2, "RESUMED", {});
          arrival.socket.close(4000);
        },
      }),
    );
    url = discord.wsUrl;
    await using it = await tie(discord);
    await it.connect();
    expect(await it.account.lost).toMatchObject({ code: "CONN_001", retryable: true });
    expect(discord.arrivals).toHaveLength(4);
  });

  it.each([
    [4004, "CONN_002", "Reset the token"],
    [4010, "CFG_001", "shards"],
    [4011, "CFG_001", "shards"],
    [4012, "CFG_001", "Update"],
    [4013, "CFG_001", "Update"],
    [4014, "CFG_001", "Privileged Gateway Intents"],
  ])("a close with %i is final, says what to do, and holds no token", async (code, error, action) => {
    await using discord = await scriptedDiscord({
      onArrival: () => {},
      onFrame: ({ socket }) => socket.close(code),
    });
    await using it = await tie(discord);
    const thrown = await failure(it.connect());
    expect(thrown).toMatchObject({ code: error, retryable: false, scope: "account", details: { close: code } });
    expect(thrown.action).toContain(action);
    expect(JSON.stringify([toErrorRecord(thrown), it.logged])).not.toContain(TOKEN);
  });

  it("CONN-2 heartbeats keep to one interval, and a hello without one is no gateway's", async () => {
    for (const heartbeatMs of [0, -5, Number.NaN]) {
      await using discord = await scriptedDiscord({ onArrival: () => {}, heartbeatMs });
      await using it = await tie(discord);
      expect(await failure(it.connect())).toMatchObject({ code: "CONN_001", scope: "account", retryable: true });
      expect(discord.arrivals.flatMap(({ beats }) => beats)).toEqual([]);
    }
    await using discord = await scriptedDiscord(
      usual(() => discord.wsUrl, { onArrival: ({ send }) => send({ op: 10, d: { heartbeat_interval: 1 } }) }),
    );
    await using it = await tie(discord);
    await it.connect();
    await it.account.context.sleep(100);
    expect(discord.arrivals.map(({ beats, frames }) => [beats.length, frames.length])).toEqual([[0, 1]]);
  });

  it("who identifies too often is told to wait", async () => {
    await using discord = await scriptedDiscord({
      onArrival: () => {},
      onFrame: (arrival) => arrival.send({ op: 9, d: false }),
    });
    await using it = await tie(discord);
    expect(await failure(it.connect())).toMatchObject({ code: "CONN_001", retryable: true, retryAfterMs: 5_000 });
  });

  it("a gateway that says nothing is given up in time", async () => {
    await using discord = await scriptedDiscord({ onArrival: () => {} });
    await using it = await tie(discord, new Map(), { requestTimeoutMs: 300 });
    expect(await failure(it.connect())).toMatchObject({ code: "CONN_001", retryable: true });
  });

  it("several shards have sessions of their own, each with its number", async () => {
    let url = "";
    await using discord = await scriptedDiscord(usual(() => url, { shards: 3, concurrency: 1_000 }));
    url = discord.wsUrl;
    const memory = new Map<string, string>();
    {
      await using it = await tie(discord, memory);
      await it.connect();
      await eventually(() => discord.arrivals.length === 3 && discord.arrivals[2]?.frames.length === 1, "three shards");
      for (const [index, arrival] of discord.arrivals.entries()) {
        expect(arrival.frames).toMatchObject([{ op: 2, d: { shard: [index, 3] } }]);
        arrival.tell(10 + index, "MESSAGE_CREATE", message(`of ${index}`));
      }
      await eventually(() => it.account.received.length === 3, "three messages");
    }
    await using again = await tie(discord, memory);
    await again.connect();
    await eventually(() => discord.arrivals.length === 6 && discord.arrivals[5]?.frames.length === 1, "three resumes");
    const seqs = discord.arrivals.slice(3).map(({ frames }) => (frames[0]?.d as { seq: number } | undefined)?.seq);
    expect(seqs).toEqual([10, 11, 12]);
  });

  it("a store that stays behind ends the connection before the memory is full; the session brings it again", async () => {
    let url = "";
    await using discord = await scriptedDiscord(usual(() => url));
    url = discord.wsUrl;
    await using it = await tie(discord);
    await it.connect();
    const { release } = it.account.holdReceive();
    for (let s = 2; s < 5_010; s++) discord.arrivals[0]?.tell(s, "TYPING_START", { channel_id: "7", user_id: "8" });
    expect(await it.account.lost).toMatchObject({ code: "STORE_001" });
    release();
  });

  it("CH-3 an interaction is stored and confirmed at once, also while others wait for the store", async () => {
    let url = "";
    const callback = "POST /interactions/1300000000000000001/the-token/callback";
    await using discord = await scriptedDiscord(usual(() => url, { answers: { [callback]: () => [200, {}] } }));
    url = discord.wsUrl;
    await using it = await tie(discord);
    await it.connect();
    it.account.failReceive(1);
    discord.arrivals[0]?.tell(2, "MESSAGE_CREATE", message("cannot be stored now"));
    await eventually(() => it.account.calls() === 1, "the first attempt");
    discord.arrivals[0]?.tell(3, "INTERACTION_CREATE", {
      id: "1300000000000000001",
      token: "the-token",
      type: 2,
      channel_id: "700000000000000001",
      user: { id: "800000000000000001" },
      data: { name: "status" },
    });
    await eventually(() => discord.calls.some(({ what }) => what === callback), "the confirmation");
    expect(it.account.received.map(({ key }) => key)).toEqual(["INTERACTION_CREATE:1300000000000000001"]);
    await eventually(() => it.account.received.length === 2, "the message, later");
    expect(discord.calls.filter(({ what }) => what === callback)).toHaveLength(1);
    expect(JSON.stringify(it.account.received)).not.toContain("the-token");
  });

  it("oc#42178 heartbeats go on while the store takes its time", async () => {
    let url = "";
    await using discord = await scriptedDiscord(usual(() => url, { heartbeatMs: 400 }));
    url = discord.wsUrl;
    await using it = await tie(discord);
    await it.connect();
    const { release } = it.account.holdReceive();
    discord.arrivals[0]?.tell(2, "MESSAGE_CREATE", message("slow"));
    await eventually(() => it.account.calls() === 1, "the store is busy");
    const before = discord.arrivals[0]?.beats.length ?? 0;
    await eventually(() => (discord.arrivals[0]?.beats.length ?? 0) > before + 3, "more heartbeats");
    // What is not stored is not confirmed by them.
    expect(discord.arrivals[0]?.beats.at(-1)).toBe(1);
    release();
    await eventually(() => discord.arrivals[0]?.beats.at(-1) === 2, "a heartbeat that counts it");
    expect(discord.arrivals).toHaveLength(1);
  });

  it("oc#50913 an account that is stopped while it connects, or while it resumes, leaves no socket behind", async () => {
    let url = "";
    let isQuiet = true;
    await using discord = await scriptedDiscord(
      usual(() => url, {
        onFrame: (arrival, { op }, number) => {
          if (op === 2 && !isQuiet) ready(arrival, `session-${number}`, url);
        },
      }),
    );
    url = discord.wsUrl;
    {
      await using stopped = await tie(discord);
      const connecting = failure(stopped.connect());
      await eventually(() => discord.arrivals[0]?.frames.length === 1, "it identifies");
      await stopped[Symbol.asyncDispose]();
      expect(await connecting).toMatchObject({ code: "SYS_001" });
    }
    isQuiet = false;
    {
      await using it = await tie(discord);
      await it.connect();
      discord.arrivals[1]?.socket.terminate();
      await eventually(() => discord.arrivals[2]?.frames.length === 1, "it resumes");
    }
    for (const arrival of discord.arrivals) expect(await arrival.closed).toBeGreaterThan(0);
    expect(discord.arrivals).toHaveLength(3);
  });
});

describe("CH-3 servers", () => {
  const [A, B, C] = ["310000000000000001", "310000000000000002", "310000000000000003"];
  /** Which servers the stored events say were joined. */
  const joined = ({ account }: Tie) =>
    account.received.flatMap(({ payload }) => {
      const { d, t } = payload as { readonly t: string; readonly d: { readonly id: string } };
      return t === "GUILD_CREATE" ? [d.id] : [];
    });
  const heardAll = ({ account }: Tie, words: string) =>
    eventually(() => JSON.stringify(account.received).includes(words), words);

  it("are joined when they were not there before: not with a new session, after an outage or a restart", async () => {
    const memory = new Map<string, string>();
    let forgets = false;
    await using discord = await scriptedDiscord(
      usual(() => discord.wsUrl, {
        onFrame: (arrival, { op }, number) => {
          if (op === 6 && forgets) return arrival.send({ op: 9, d: false });
          if (op === 6) {
            arrival.tell(10, "RESUMED", {});
            // An outage of Discord's own, then an invitation, its end, and another one.
            arrival.tell(11, "GUILD_DELETE", { id: A, unavailable: true });
            arrival.tell(12, "GUILD_CREATE", { id: A, name: "first" });
            arrival.tell(13, "GUILD_CREATE", { id: B, name: "second" });
            arrival.tell(14, "GUILD_DELETE", { id: B });
            arrival.tell(15, "GUILD_CREATE", { id: B, name: "second" });
            arrival.tell(16, "MESSAGE_CREATE", message("after the restart"));
          }
          if (op !== 2) return;
          ready(arrival, `session-${number}`, discord.wsUrl, forgets ? [A, B, C] : [A]);
          for (const [index, id] of (forgets ? [A, B, C] : [A]).entries()) {
            arrival.tell(2 + index, "GUILD_CREATE", { id, name: "listed" });
          }
          arrival.tell(9, "MESSAGE_CREATE", message(forgets ? "in a new session" : "at first"));
        },
      }),
    );
    {
      await using it = await tie(discord, memory);
      await it.connect();
      await heardAll(it, "at first");
      expect(joined(it)).toEqual([]);
    }
    {
      await using it = await tie(discord, memory);
      await it.connect();
      await heardAll(it, "after the restart");
      expect(joined(it)).toEqual([B, B]);
    }
    forgets = true;
    {
      await using it = await tie(discord, memory);
      await it.connect();
      await heardAll(it, "in a new session");
      // That one came while nobody was there.
      expect(joined(it)).toEqual([C]);
    }
  });
});
