/** Tenants share the places for turns: an agent that holds everything it gets stops nobody else's. */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { AccountRef, TenantId } from "@switchboard/domain";
import type { AgentTurn } from "@switchboard/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestEngine } from "../test-support/engine.ts";
import { eventually } from "../test-support/eventually.ts";
import { type RestWorld, startRestWorld } from "../test-support/rest-world.ts";
import { gate, scriptedAgent } from "../test-support/scripted-agent.ts";
import { said, scriptedPlatform } from "../test-support/scripted-channel.ts";
import { TestClock } from "../test-support/test-clock.ts";

const ENV = { AGENT_SECRET: `whsec_${Buffer.from("a secret of thirty-two bytes, ok").toString("base64")}` };
/** Places in all. */
const PLACES = 4;
const HOLDERS = 12;

describe("TEN-6 the places of several tenants", () => {
  /** What the agent of the slow tenant was given and holds. */
  const held: { readonly said: string; readonly response: ServerResponse }[] = [];
  const given: string[] = [];
  let patient = false;
  const say = (response: ServerResponse, said: string) =>
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ text: `the answer to ${said}` }));
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { messages, tenant } = JSON.parse(Buffer.concat(chunks).toString()).data as AgentTurn;
    const said = messages.map(({ text }) => text).join(" ");
    given.push(said);
    if (tenant === "slow" && !patient) held.push({ said, response });
    else say(response, said);
  });
  let world: RestWorld;

  const connect = async (tenant: string) => {
    const body = {
      channel: world.gateway.platform.id,
      credential: world.credential(tenant),
      settings: { dmPolicy: "open" },
    };
    expect((await world.call({ tenant }, "POST", "/channels/connect", { body })).status).toBe(200);
  };
  const answered = (tenant: string, said: string) =>
    world.bot(tenant).waitFor(({ text }) => text === `the answer to ${said}`);
  const people = Array.from({ length: HOLDERS }, (_, index) => `person ${"abcdefghijkl"[index]}`);

  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const agent = {
      id: "main",
      runtime: "webhook",
      url: `http://127.0.0.1:${port}/agent`,
      signingSecret: { env: "AGENT_SECRET" },
    };
    world = await startRestWorld({
      env: ENV,
      config: { agents: [agent], egress: { allow: ["127.0.0.1"] }, turns: { concurrency: PLACES } },
    });
    await connect("slow");
    await connect("brisk");
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
  });

  it("TEN-6 one whose agent holds every turn has half of them; another one's people are answered meanwhile", async () => {
    for (const person of people) await world.bot("slow").say({ from: person, text: `${person} asks` });
    await eventually(() => held.length === PLACES / 2, { what: "half of the places are taken" });
    for (const word of ["walrus", "heron", "otter", "badger", "lynx"]) {
      await world.bot("brisk").say({ from: word, text: word });
      await answered("brisk", word);
    }
    // In one conversation, too, where one turn follows the other.
    for (const word of ["first", "second", "third"]) await world.bot("brisk").say({ from: "walrus", text: word });
    await eventually(() => given.join(" ").includes("third"), { what: "one conversation goes on" });
    expect(held).toHaveLength(PLACES / 2);
  });

  it("TEN-6 what waited is answered when its agent goes on, each once, and nothing is lost", async () => {
    patient = true;
    for (const { response, said } of held) say(response, said);
    for (const person of people) await answered("slow", `${person} asks`);
    const texts = world
      .bot("slow")
      .sent()
      .map(({ text }) => text);
    expect(texts.toSorted()).toEqual(people.map((person) => `the answer to ${person} asks`).toSorted());
    expect(given.filter((said) => said.startsWith("person"))).toHaveLength(HOLDERS);
  });
});

describe("TEN-6 a single place", () => {
  it("TEN-6 goes from one tenant to the next, also while a conversation of the first has more to say", async () => {
    const clock = new TestClock();
    const held = gate();
    const platform = scriptedPlatform();
    const agents = scriptedAgent(async (text, _request, signal) => {
      if (text === "one") await held.passed(signal);
      return text;
    });
    await using test = await startTestEngine({ platform, clock, agents, turns: { concurrency: 1 } });
    const receive = async (ref: AccountRef, text: string) => {
      await test.engine.receive(ref, [said(text, "Ada", text, clock.now())]);
      await eventually(async () => {
        const { rows } = await test.store.inbox.list(ref.tenant, { limit: 10 });
        return rows.every(({ state }) => state !== "new");
      });
    };
    const refs = ["first", "second", "third"].map((tenant) => ({ ...test.ref("a"), tenant: tenant as TenantId }));
    const settings = { dmPolicy: "open", queueMode: "followup" } as const;
    for (const ref of refs) {
      await test.engine.accounts.put({ ...ref, source: "store", enabled: true, config: { token: "secret" }, settings });
    }
    const [first, second, third] = refs as [AccountRef, AccountRef, AccountRef];
    for (const text of ["one", "two", "three", "four"]) await receive(first, text);
    await receive(second, "of the second");
    await receive(third, "of the third");
    expect(agents.asked).toEqual(["one"]);
    held.open();
    await eventually(() => agents.asked.length === 6);
    expect(agents.asked).toEqual(["one", "of the second", "of the third", "two", "three", "four"]);
  });
});
