/** Answers through the address that an interaction or a command carries: good for half an hour and five times. */

import { type CallKind, fetchText, TransportError, unanswered } from "@switchboard/channel-kit/http";
import { SwitchboardError } from "@switchboard/domain";
import { checkAddress } from "./addresses.ts";
import type { SlackApi } from "./api.ts";
import { foreign, rateLimited } from "./errors.ts";

/** Rejects like a call of the Web API. */
export async function answerThrough(
  api: SlackApi,
  responseUrl: string,
  message: Readonly<Record<string, unknown>>,
  options: { readonly kind: CallKind; readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<void> {
  const { kind, signal, timeoutMs } = options;
  checkAddress(responseUrl, api.baseUrl, "answer");
  try {
    const { headers, status } = await fetchText({
      url: responseUrl,
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify(message),
      signal,
      timeoutMs,
    });
    if (status === 200) return;
    if (status === 429) throw rateLimited("response_url", Number(headers["retry-after"]) || 1, kind);
    if (status === 404 || status === 403 || status === 410) {
      throw new SwitchboardError(
        "MSG_006",
        "Slack no longer takes an answer to this: it is too old, or there were five.",
      );
    }
    throw foreign("response_url", status, kind);
  } catch (thrown) {
    throw thrown instanceof TransportError
      ? unanswered({ platform: "Slack", what: "response_url", kind }, thrown)
      : thrown;
  }
}
