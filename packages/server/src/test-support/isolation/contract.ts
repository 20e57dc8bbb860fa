/**
 * One tenant tries everything there is with another tenant's ids: each answer is the one for an id that nobody has, and
 * nothing of the other's is changed, shown or told. What is tried is made from the maps of routes, methods and tools, so
 * a new one is tried without an edit here.
 */
import { isMethod, METHODS } from "@switchboard/protocol";
import { ROUTES, type RouteName, type RouteSpec } from "@switchboard/protocol/rest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TOOLS } from "../../mcp/tools.ts";
import { eventually } from "../eventually.ts";
import { scrape } from "../metrics.ts";
import { agentOperations } from "./agents.ts";
import { type Attack, attack, type Operation } from "./attack.ts";
import { agentOf, asksOutside } from "./belongings.ts";
import { essenceOf, ghostOf } from "./compare.ts";
import { withoutControl } from "./controls.ts";
import { tryCursors } from "./cursors.ts";
import type { Line } from "./line.ts";
import {
  aDay,
  askRaw,
  methodOperation,
  pathOperations,
  pathsInto,
  routeOperation,
  toolOperations,
} from "./operations.ts";
import { changesBetween, idsIn, type SharedDatabase } from "./rows.ts";
import { requestWith, slotsOf } from "./slots.ts";
import { type IsolationWorld, MARKER, OPERATORS, startIsolationWorld, type Tenant } from "./world.ts";

const routes = Object.entries(ROUTES) as [RouteName, RouteSpec][];
const methods = Object.keys(METHODS).filter(isMethod);
const MOST_SHOWN = 8;
/** Of what agents say: the rest is about runs, which a process keeps to itself. With a shared database only these. */
const REACHES_STORE = /(answer|send|done|later)$/;
/** What is passing looks like an oracle once, never so often. */
const LOOKS = 4;

/** `database`: where one is made for the tests, on what; default the files in the gateway's own directory. */
export function isolationContract(name: string, database?: () => Promise<SharedDatabase>): void {
  /** How often each kind of thing was tried. */
  const attempts = { rest: 0, ws: 0, mcp: 0, http: 0, agents: 0, cursors: 0, events: 0, files: 0 };

  describe(`TEN-1 TEN-2 a tenant with another one's ids, on ${name}`, () => {
    let world: IsolationWorld;
    let plan: Attack;
    let before: ReadonlyMap<string, string>;
    let heard: Line["events"];
    let told: Line["events"];
    const kept = () => world.kept(world.victim.id);

    beforeAll(async () => {
      world = await startIsolationWorld(await database?.());
      const { attacker, victim } = world;
      for (const { line } of [attacker, victim]) {
        await line.get("sessions.subscribe", {});
        await line.get("trace.subscribe", {});
      }
      const [heardBefore, toldBefore] = [attacker.line.events.length, victim.line.events.length];
      await aDay(world);
      for (const { line, word } of [attacker, victim]) {
        await line.get("sessions.create", { label: `the end of ${word}` });
        await line.get("system-event", { text: `the end of ${word}`, host: word });
        await eventually(() => line.events.some(({ text }) => text.includes(`the end of ${word}`)), {
          what: `what ${word} said itself`,
        });
      }
      heard = attacker.line.events.slice(heardBefore);
      told = victim.line.events.slice(toldBefore);
      before = await kept();
      plan = planOf(world, before);
      expect(before.size).toBeGreaterThan(20);
    }, 120_000);
    afterAll(() => world?.[Symbol.asyncDispose]());

    it("hears nothing of what the other does on a day", () => {
      const { victim } = world;
      attempts.events = told.length;
      expect([...new Set(told.map(({ name }) => name))]).toEqual(
        expect.arrayContaining(["agent", "chat", "sessions.changed", "trace"]),
      );
      const own = [MARKER, ...Object.values(victim.ids).filter(({ length }) => length > 12)];
      expect(heard.filter(({ text }) => own.some((word) => text.includes(word)))).toEqual([]);
    });

    it("TEN-1 gives its own the names that the other gave, and hears nothing of that", async () => {
      const { attacker, victim } = world;
      const { ok } = await attacker.line.ask("sessions.create", { label: victim.ids.label });
      expect(ok).toBe(true);
      expect((await sendAgain(world, victim.ids.idempotencyKey)).status).toBe(202);
    });

    /** Tries all of them; every place in every one counts. */
    async function tryAll(kind: keyof typeof attempts, operations: readonly Operation[]): Promise<void> {
      const findings: string[] = [];
      for (const operation of operations) {
        const outcome = await attack(operation, plan);
        attempts[kind] += outcome.attempts;
        findings.push(...outcome.findings);
      }
      expect(findings.slice(0, MOST_SHOWN)).toEqual([]);
      expect(changesBetween(before, await kept())).toEqual([]);
      const places = operations.reduce((sum, { schema }) => sum + Math.max(1, slotsOf(schema).length), 0);
      expect(attempts[kind]).toBeGreaterThanOrEqual(places);
    }

    it("learns nothing by any route of the REST API", async () => {
      const operations = routes.map(([name, spec]) => routeOperation(world, name, spec));
      expect(operations.length).toBeGreaterThan(40);
      await tryAll("rest", operations);
    }, 180_000);

    it("learns nothing by any method of the WebSocket protocol", async () => {
      const operations = methods.map((name) => methodOperation(world, name));
      expect(operations.length).toBeGreaterThan(100);
      await tryAll("ws", operations);
    }, 180_000);

    it("TEN-6 learns nothing by any tool of the MCP server", async () => {
      const operations = await toolOperations(world);
      expect(operations.length).toBe(Object.keys(TOOLS).length);
      await tryAll("mcp", operations);
    });

    it("learns nothing by webhooks, files, documents, answers of agents and the doors where people sign in", async () => {
      await tryAll("http", pathOperations(world));
    });

    it("TEN-6 learns nothing by the line of its own agent", async () => {
      await using agents = agentOperations(world);
      await tryAll(
        "agents",
        agents.operations.filter(({ name }) => !database || REACHES_STORE.test(name)),
      );
    }, 180_000);

    it("TEN-1 is shown nothing by a cursor of the other's, in no list of any face, and no failure either", async () => {
      const asOther = { ...world, attacker: world.victim };
      const operationsOf = async (who: IsolationWorld) => [
        ...routes.map(([route, spec]) => routeOperation(who, route, spec)),
        ...methods.map((method) => methodOperation(who, method)),
        ...(await toolOperations(who)),
      ];
      const outcome = await tryCursors(await operationsOf(asOther), await operationsOf(world), plan);
      attempts.cursors = outcome.attempts;
      expect(outcome.findings).toEqual([]);
      expect(outcome.given).toBeGreaterThanOrEqual(10);
      // The other asked for its own lists, which is counted.
      const after = await kept();
      expect(changesBetween(before, after).filter((row) => !row.includes("rate_windows"))).toEqual([]);
      before = after;
    }, 60_000);

    it("reaches no file of the other, however a path is written", async () => {
      const { victim } = world;
      const ghost = ghostOf(victim.id);
      const nobodys = pathsInto(world, ghost);
      const findings: string[] = [];
      for (const [place, path] of pathsInto(world, victim.id).entries()) {
        attempts.files += 1;
        let answers: Awaited<ReturnType<typeof askRaw>>[] = [];
        for (let look = 0; look < LOOKS; look += 1) {
          answers = [await askRaw(world, path), await askRaw(world, nobodys[place] ?? "")];
          const [real, none] = answers.map((answer) => essenceOf(answer, [victim.id, ghost]));
          if (JSON.stringify(answers).includes(MARKER)) break;
          if (real === none) answers = [];
          if (answers.length === 0) break;
        }
        if (answers.length > 0) findings.push(`${path}: ${JSON.stringify(answers).slice(0, 600)}`);
      }
      expect(findings).toEqual([]);
      expect(changesBetween(before, await kept())).toEqual([]);
    });

    it("CRED-3 stands in no figure and no line of the log with what the other said", async () => {
      expect(await scrape(world.gateway)).not.toContain(MARKER);
      const lines = world.gateway.log.lines.filter((each) => JSON.stringify(each).includes(`a word of ${MARKER}`));
      expect(lines).toEqual([]);
    });

    it("TEN-5 OPS-4 the operator of the gateway reads its log and whom it tells of falls, which no tenant was told", async () => {
      expect(JSON.stringify(await world.gateway.request("logs.tail", {}))).toContain(OPERATORS);
      expect(JSON.stringify(await world.gateway.request("config.get", {}))).toContain(OPERATORS);
    });

    it("TEN-6 takes no word of the other's agent from it while that answers", async () => {
      const { gateway, victim } = world;
      await using theirs = await agentOf(gateway, victim.owner);
      const { conversation, event, run } = await asksOutside(victim.bot, theirs, `${MARKER} live`);
      await using agents = agentOperations(world);
      const ofRuns = agents.operations.filter(({ schema }) => slotsOf(schema).some((slot) => slot.join() === "run"));
      expect(ofRuns.length).toBeGreaterThan(4);
      for (const operation of ofRuns) {
        const outcome = await attack(operation, {
          ...plan,
          ids: { turn: event.data.turn, token: event.data.reply?.token ?? "" },
        });
        attempts.agents += outcome.attempts;
        expect(outcome.findings).toEqual([]);
        // Runs are counted: nobody's is one that there was never.
        const [real, none] = await Promise.all(
          [run, "run_999999"].map(async (each) => {
            const said = await operation.ask(requestWith(operation.schema, plan.own, ["run"], each));
            return JSON.stringify(said).replaceAll(each, "<run>");
          }),
        );
        attempts.agents += 1;
        expect(real).toBe(none);
      }
      theirs.say({ type: "done", run, answer: { text: `${MARKER} answers itself` } });
      await victim.bot.waitFor(({ text }) => text === `${MARKER} answers itself`, { conversation });
      expect(theirs.heard.map(({ type }) => type)).toEqual(["ready", "turn"]);
      expect(victim.bot.sent({ conversation })).toHaveLength(1);
    }, 60_000);

    it("the ids that were tried do something for whom they belong to", async () => {
      const asOther = { ...world, attacker: world.victim };
      await using agents = agentOperations(asOther);
      const operations = [
        ...pathOperations(asOther),
        ...(await toolOperations(asOther)),
        ...routes.map(([route, spec]) => routeOperation(asOther, route, spec)),
        ...methods.map((method) => methodOperation(asOther, method)),
        ...agents.operations,
      ];
      const { capability, idempotencyKey, keySecret, ...named } = plan.ids;
      // Whoever has these is let in by them: a page and a program need no name besides.
      const page = await fetch(`${capability}/__openclaw__/canvas/documents/${named.document}/index.html`);
      expect(await page.text()).toContain(MARKER);
      const asKey = { headers: { authorization: `Bearer ${keySecret}` } };
      const me = await (await fetch(`${world.gateway.url}/api/v1/me`, asKey)).json();
      expect(me).toMatchObject({ tenant: world.victim.id });
      expect((await sendAgain(asOther, idempotencyKey)).status).toBe(422);
      expect(await withoutControl(operations, named, plan.foreign)).toEqual([]);
    }, 60_000);

    it("tried each kind of thing", () => {
      const all = Object.values(attempts).reduce((sum, each) => sum + each, 0);
      const kinds = Object.entries(attempts).map(([kind, count]) => `${kind} ${count}`);
      console.info(`${all} attempts on ${name}: ${kinds.join(", ")}`);
      expect(Object.values(attempts).filter((count) => count < 10)).toEqual([]);
    });
  });
}

/** Another message under a key that the other tenant has used. */
function sendAgain(who: IsolationWorld, idempotencyKey = "") {
  const body = { channel: who.channel, to: who.attacker.ids.conversation, text: "under the same key" };
  return routeOperation(who, "messages.send", ROUTES["messages.send"]).ask({
    headers: { "idempotency-key": idempotencyKey },
    body,
  }) as Promise<{ readonly status: number }>;
}

/** What the ids are called in requests. */
function usualOf(channel: string, { ids }: Tenant) {
  const byName: Readonly<Record<string, string | undefined>> = {
    channel,
    accountId: ids.account,
    key: ids.session,
    keys: ids.session,
    conversation: ids.session,
    sessionKey: ids.session,
    session: ids.session,
    parentSessionKey: ids.session,
    agentId: "main",
    deviceId: ids.device,
    nodeId: ids.node,
    requestId: ids.pairingRequest,
    approval: ids.pairingRequest,
    run: ids.agentRun,
    token: ids.replyToken,
    to: ids.conversation,
    documentId: ids.document,
    blob: ids.blob,
    tenant: ids.tenant,
    turn: ids.turn,
    runId: ids.turn,
    sessionId: ids.sessionId,
    surface: "canvas",
    action: "send",
    path: "index.html",
    raw: "{}",
    email: "somebody@example.org",
    owner: "somebody@example.org",
    publicUrl: "http://127.0.0.1:1",
    cursor: ids.cursor,
  };
  let keys = 0;
  return (name: string) => {
    if (name !== "idempotencyKey") return byName[name];
    keys += 1;
    return `key-${keys}-of-${ids.tenant}`;
  };
}

function planOf({ attacker, channel, victim }: IsolationWorld, kept: ReadonlyMap<string, string>): Attack {
  // What a platform or a list counts says nothing of itself: the attacker has the same.
  const { agentRun: _run, conversation: _conversation, message: _message, cursor: _cursor, ...ids } = victim.ids;
  return {
    ids,
    // Ids that are tried come back in what the attacker has said itself.
    words: [MARKER, OPERATORS, ...idsIn(kept).filter((id) => !Object.values(ids).some((tried) => tried.includes(id)))],
    own: usualOf(channel, attacker),
    foreign: usualOf(channel, victim),
  };
}
