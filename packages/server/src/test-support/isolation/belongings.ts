/** What a tenant has besides what people say to it: ways to sign in, a login that was begun, an agent that answers later. */
import type { Simulator } from "@switchboard/domain";
import { Authenticator } from "../authenticator.ts";
import { type ConnectedAgent, connectAgent } from "../connected-agent.ts";
import { eventually } from "../eventually.ts";
import type { TestGateway } from "../gateway.ts";
import type { Visitor } from "../visitor.ts";
import { Wallet } from "../wallet.ts";
import type { Line } from "./line.ts";

/** The agent that connects by itself, as the world's configuration has it. */
export const OUTSIDE = "outside";

/** A line of the tenant's own agent, with a key that is made for it. */
export async function agentOf(gateway: TestGateway, owner: Visitor, turns = 10): Promise<ConnectedAgent> {
  const { body } = await owner.post("/api/v1/keys", { name: "agent", scopes: ["agents:run", "messages:write"] });
  return connectAgent({ url: gateway.url, token: String(body.secret) }, { agent: OUTSIDE, turns });
}

/** Somebody writes in a group, where the agent outside answers. */
export async function asksOutside(bot: Simulator, agent: ConnectedAgent, word: string) {
  const people = [`${word} Ada`];
  const { conversation } = await bot.createGroup({ title: `${word} group`, people });
  await bot.say({ from: `${word} Ada`, conversation, text: `${word} asks` });
  return { conversation, ...(await agent.turn(`${word} asks`)) };
}

/** A turn that the tenant's agent said it answers later. */
export async function laterTurn(gateway: TestGateway, owner: Visitor, line: Line, bot: Simulator, word: string) {
  await using agent = await agentOf(gateway, owner);
  const { event, run } = await asksOutside(bot, agent, word);
  const { reply, session, turn } = event.data;
  agent.say({ type: "later", run });
  await eventually(
    async () => (await line.get("trace.get", { id: turn })).steps.some(({ step }) => step === "awaiting-answer"),
    { what: "the turn waits for its answer" },
  );
  return { agentSession: session.key, agentRun: run, agentTurn: turn, replyToken: reply?.token };
}

/** A passkey and a wallet of the person, by the ids that a page shows. `page`: where the person opens the gateway. */
export async function waysToSignIn(page: string, owner: Visitor) {
  const wallet = new Wallet();
  const { body } = await owner.post("/auth/wallet/message", { address: wallet.address, chain: 1, add: true });
  const linked = await owner.post("/auth/wallet/add", { signature: wallet.sign(String(body.message)) });
  const device = new Authenticator(page);
  const { body: challenge } = await owner.post("/auth/passkeys/challenge");
  const answer = device.register(challenge as unknown as Parameters<Authenticator["register"]>[0]);
  const made = await owner.post("/auth/passkeys", { name: "Laptop", answer });
  return { wallet: String(linked.body.id ?? ""), passkey: String(made.body.id ?? "") };
}
