/** The Events API's calls, and interactions and slash commands at the same address. */

import type { Webhook, WebhookReply, WebhookRequest } from "@switchboard/domain";
import { isDeeperThan, MAX_JSON_DEPTH, parseJsonBody, parseJsonObject, SwitchboardError } from "@switchboard/domain";
import type { SlackConfig } from "./config.ts";
import { isOwnEcho } from "./own-echo.ts";
import { verifySignature } from "./signature.ts";

const FORM = "application/x-www-form-urlencoded";

export const webhook: Webhook<SlackConfig> = {
  verify(request, { config }) {
    verifySignature(request, config.signingSecret);
  },
  parse(request) {
    const update = readCall(request);
    // These only want an answer, or to be known to work, or tell what is known.
    if (update.type === "url_verification" || update.ssl_check !== undefined || isOwnEcho(update)) return [];
    return [update];
  },
  reply(request): WebhookReply | undefined {
    const update = readCall(request);
    if (update.type === "url_verification") return { type: "text/plain", body: String(update.challenge ?? "") };
    // What is said in answer to a form or a command is shown to people, or taken for what the form should do next.
    return isForm(request) ? { type: "text/plain", body: "" } : undefined;
  },
};

function isForm({ headers }: WebhookRequest): boolean {
  return headers["content-type"]?.toLowerCase().startsWith(FORM) ?? false;
}

/** @throws REQ_001. */
function readCall(request: WebhookRequest): Record<string, unknown> {
  if (!isForm(request)) return parseJsonBody(request.body);
  const fields = new URLSearchParams(new TextDecoder().decode(request.body));
  const payload = fields.get("payload");
  if (payload === null) {
    const command = Object.fromEntries(fields);
    if (command.command === undefined && command.ssl_check === undefined) {
      throw new SwitchboardError("REQ_001", "The form is neither an interaction nor a command.");
    }
    return command;
  }
  const interaction = isDeeperThan(new TextEncoder().encode(payload), MAX_JSON_DEPTH)
    ? undefined
    : parseJsonObject(payload);
  if (!interaction) throw new SwitchboardError("REQ_001", "The interaction's payload is no JSON object.");
  return interaction;
}
