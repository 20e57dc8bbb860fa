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
import { type Attack, attack, type Operation } from "./attack.ts";
import { essenceOf, ghostOf } from "./compare.ts";
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
import { slotsOf } from "./slots.ts";
import { type IsolationWorld, MARKER, startIsolationWorld, type Tenant } from "./world.ts";

const routes = Object.entries(ROUTES) as [RouteName, RouteSpec][];
const methods = Object.keys(METHODS).filter(isMethod);
const MOST_SHOWN = 8;

/** `database`: where one is made for the tests, on what; default the files in the gateway's own directory. */
export function isolationContract(name: string, database?: () => Promise<SharedDatabase>): void {
  /** How often each kind of thing was tried. */
  const attempts = { rest: 0, ws: 0, mcp: 0, http: 0, events: 0, files: 0 };

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

    it("reaches no file of the other, however a path is written", async () => {
      const { victim } = world;
      const ghost = ghostOf(victim.id);
      const nobodys = pathsInto(world, ghost);
      const findings: string[] = [];
      for (const [place, path] of pathsInto(world, victim.id).entries()) {
        attempts.files += 1;
        const [real, none] = [await askRaw(world, path), await askRaw(world, nobodys[place] ?? "")];
        const same = essenceOf(real, [victim.id, ghost]) === essenceOf(none, [victim.id, ghost]);
        if (!same || real.body.includes(MARKER)) findings.push(`${path}: ${real.status} ${real.body.slice(0, 200)}`);
      }
      expect(findings).toEqual([]);
      expect(changesBetween(before, await kept())).toEqual([]);
    });

    it("CRED-3 stands in no figure and no line of the log with what the other said", async () => {
      expect(await scrape(world.gateway)).not.toContain(MARKER);
      const lines = world.gateway.log.lines.filter((each) => JSON.stringify(each).includes(`a word of ${MARKER}`));
      expect(lines).toEqual([]);
    });

    it("tried each kind of thing", () => {
      const all = Object.values(attempts).reduce((sum, each) => sum + each, 0);
      const kinds = Object.entries(attempts).map(([kind, count]) => `${kind} ${count}`);
      console.info(`${all} attempts on ${name}: ${kinds.join(", ")}`);
      expect(Object.values(attempts).filter((count) => count < 10)).toEqual([]);
    });
  });
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
  const { conversation: _conversation, message: _message, cursor: _cursor, ...ids } = victim.ids;
  return {
    ids,
    // Ids that are tried come back in what the attacker has said itself.
    words: [MARKER, ...idsIn(kept).filter((id) => !Object.values(ids).some((tried) => tried.includes(id)))],
    own: usualOf(channel, attacker),
    foreign: usualOf(channel, victim),
  };
}
