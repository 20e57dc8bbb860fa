/** Meta's calls: the handshake by GET, and events by POST, signed with the app's secret over the bytes as they came. */
import { createHmac } from "node:crypto";
import { isSame } from "@switchboard/channel-kit/webhook";
import { parseJsonBody, SwitchboardError, type Webhook, type WebhookRequest } from "@switchboard/domain";
import type { WhatsAppConfig } from "./config.ts";

const HEADER = "x-hub-signature-256";

export const webhook: Webhook<WhatsAppConfig> = {
  verify(request, { config, secret }) {
    if (request.method === "GET") verifyHandshake(request, config.verifyToken ?? secret);
    else verifySignature(request, config.appSecret);
  },
  parse(request) {
    if (request.method === "GET") return [];
    const body = parseJsonBody(request.body);
    if (typeof body !== "object" || body === null) throw new SwitchboardError("REQ_001", "The body is no object.");
    return [body];
  },
  reply(request) {
    if (request.method !== "GET") return undefined;
    return { type: "text/plain", body: new URL(request.url).searchParams.get("hub.challenge") ?? "" };
  },
};

function verifyHandshake({ url }: WebhookRequest, token: string): void {
  const query = new URL(url).searchParams;
  const given = query.get("hub.verify_token");
  if (query.get("hub.mode") !== "subscribe" || given === null) {
    throw new SwitchboardError("SEC_002", "The call is neither signed nor a subscription.");
  }
  if (!isSame(given, token)) {
    throw new SwitchboardError("SEC_002", "The verify token is not the one of this account.");
  }
}

function verifySignature({ body, headers }: WebhookRequest, appSecret: string): void {
  const given = headers[HEADER];
  if (given === undefined) throw new SwitchboardError("SEC_002", `The call lacks the ${HEADER} header.`);
  const expected = `sha256=${createHmac("sha256", appSecret).update(body).digest("hex")}`;
  if (!isSame(given, expected)) {
    throw new SwitchboardError("SEC_002", `The ${HEADER} header is wrong: check the app secret.`);
  }
}
