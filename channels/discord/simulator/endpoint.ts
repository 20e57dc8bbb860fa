/** Interactions over HTTP: signed calls to the address that is set in the developer portal. */
import { createPrivateKey, sign } from "node:crypto";
import { SwitchboardError } from "@switchboard/domain";
import type { World } from "./world/world.ts";

/** Resolves with the status and the text of the answer. */
export async function callEndpoint(
  { privateKey }: Pick<World, "privateKey">,
  url: string,
  body: string,
  wrong = false,
): Promise<{ readonly status: number; readonly text: string }> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = sign(null, Buffer.from(timestamp + body), createPrivateKey(privateKey));
  if (wrong) signature[0] = (signature[0] ?? 0) ^ 1;
  const response = await fetch(url, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "user-agent": "Discord-Interactions/1.0 (+https://discord.com)",
      "x-signature-ed25519": signature.toString("hex"),
      "x-signature-timestamp": timestamp,
    },
  });
  return { status: response.status, text: await response.text() };
}

/** What Discord does before it takes an address: a PING that is signed, and one that is not. */
export async function checkEndpoint(world: World, url: string): Promise<void> {
  const ping = JSON.stringify({ id: world.nextId(), application_id: world.bot.id, type: 1, token: "ping", version: 1 });
  const wrong = await callEndpoint(world, url, ping, true);
  const right = await callEndpoint(world, url, ping);
  if (wrong.status === 401 && right.status === 200 && (JSON.parse(right.text) as { type?: unknown }).type === 1) return;
  const message = "interactions_endpoint_url: The specified interactions endpoint url could not be verified.";
  throw new SwitchboardError("REQ_001", message);
}
