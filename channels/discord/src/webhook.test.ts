/** Interactions over HTTP: who may call, and that they go the way of all others. */
import { generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type SwitchboardError, textContent, type WebhookRequest } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { startSimulator } from "../simulator/index.ts";
import { answerTo, type DiscordScene, discordScene } from "./scene.test.helper.ts";
import { isOf, isSigned, webhook } from "./webhook.ts";

/** The gateway's door, for one account: as `Accounts.webhook` does it. */
async function door(scene: () => DiscordScene | undefined, publicKey: string) {
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const call: WebhookRequest = {
      method: request.method ?? "",
      headers: request.headers as WebhookRequest["headers"],
      url: "",
      body: Buffer.concat(pieces),
    };
    try {
      webhook.verify(call, { config: { publicKey } as never, secret: "" });
      for (const update of webhook.parse(call)) await scene()?.connection.interact?.(update);
      const reply = webhook.reply?.(call, { config: { publicKey } as never });
      response.writeHead(reply?.status ?? 200, { "content-type": reply?.type }).end(reply?.body);
    } catch (thrown) {
      response.writeHead((thrown as SwitchboardError).http ?? 500).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe("CH-3 interactions over HTTP", () => {
  it("GHSA-xh72 a signature of RFC 8032 is known, and nothing that is near it", () => {
    // Section 7.1, TEST 3.
    const key = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025";
    const signature =
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a";
    expect(isOf(key, signature, Uint8Array.of(0xaf, 0x82))).toBe(true);
    expect(isOf(key, signature, Uint8Array.of(0xaf, 0x83))).toBe(false);
    expect(isOf(key, `0${signature.slice(1)}`, Uint8Array.of(0xaf, 0x82))).toBe(false);
    for (const wrong of ["", key.slice(1), key.toUpperCase(), `0${key.slice(1)}`, "f".repeat(64)]) {
      expect(isOf(wrong, signature, Uint8Array.of(0xaf, 0x82)), wrong).toBe(false);
    }
  });

  it("GHSA-xh72 the timestamp is signed with the body, and a call without a key, a signature or a time is refused", () => {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const key = publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("hex");
    const body = Buffer.from('{"type":1}');
    const signature = sign(null, Buffer.concat([Buffer.from("1700000000"), body]), privateKey).toString("hex");
    expect(isSigned(key, signature, "1700000000", body)).toBe(true);
    expect(isSigned(key, signature, "1700000001", body)).toBe(false);
    expect(isSigned(key, signature, "1700000000", Buffer.from("{}"))).toBe(false);
    expect(isSigned("", signature, "1700000000", body)).toBe(false);
    const signed = (secondsAgo: number) => {
      const time = String(Math.floor(Date.now() / 1000) - secondsAgo);
      const proof = sign(null, Buffer.concat([Buffer.from(time), body]), privateKey).toString("hex");
      return { "x-signature-ed25519": proof, "x-signature-timestamp": time };
    };
    const headers = signed(0);
    const judge =
      (changes: Record<string, string | undefined>, publicKey = key) =>
      () =>
        webhook.verify(
          { method: "POST", headers: { ...headers, ...changes }, url: "", body },
          { config: { publicKey } as never, secret: "" },
        );
    expect(judge({})).not.toThrow();
    for (const kept of [signed(600), signed(-600)]) {
      expect(judge(kept)).toThrow(expect.objectContaining({ code: "SEC_002" }));
    }
    for (const name of Object.keys(headers)) {
      expect(judge({ [name]: undefined }), name).toThrow(expect.objectContaining({ code: "SEC_002" }));
    }
    expect(judge({}, "")).toThrow(expect.objectContaining({ code: "SEC_002" }));
    const signedTogether = sign(null, body, privateKey).toString("hex");
    expect(judge({ "x-signature-ed25519": signedTogether, "x-signature-timestamp": "" })).toThrow();
  });

  it("Discord takes the address, and calls go the way of those that the gateway brings", async () => {
    const simulator = await startSimulator();
    let scene: DiscordScene | undefined;
    await using outside = await door(() => scene, simulator.publicKey);
    await simulator.enterWebhook(outside.url);
    const commands = [
      { name: "status", description: "How it goes" },
      { name: "whoami", description: "Who you are", private: true },
      { name: "model", description: "Which", argument: { label: "Model" } },
      { name: "voice", description: "Which", argument: { label: "Voice", choices: ["alto", "bass"] } },
    ];
    await using it = await discordScene({ simulator, commands, config: { publicKey: simulator.publicKey } });
    scene = it;
    await it.connect();
    const { conversation } = await simulator.createGroup({ title: "general", people: ["Ann", "Bob"] });
    await simulator.command({ from: "Ann", name: "whoami", conversation });
    const event = await it.event("command");
    expect(event).toMatchObject({ name: "whoami", conversation: { id: conversation, kind: "group" } });
    await it.send(answerTo(event, { private: true }), textContent("You are Ann."));
    expect(simulator.whispers("Ann").map(({ text }) => text)).toEqual(["You are Ann."]);
    expect(await simulator.suggestions({ from: "Ann", name: "voice", typed: "b" })).toEqual(["bass"]);
    const form = simulator.nextForm();
    await simulator.command({ from: "Ann", name: "model", conversation });
    expect(await form).toMatchObject({ title: "/model" });
    expect(it.account.received.filter(({ key }) => key.startsWith("INTERACTION"))).toHaveLength(1);
    // Messages still come over the gateway.
    await simulator.say({ from: "Ann", text: "hello" });
    await it.event("message");
    await simulator.close();
  });

  it("an address that takes what nobody signed is refused by Discord", async () => {
    const simulator = await startSimulator();
    const server = createServer((_request, response) => response.end('{"type":1}'));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await expect(simulator.enterWebhook(url)).rejects.toMatchObject({ code: "REQ_001" });
    server.close();
    await simulator.close();
  });
});
