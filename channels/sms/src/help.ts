/** The answer to HELP for messages that are read from the list: there is no call whose answer could be it. */
import { type AccountContext, type ConversationId, type RawEvent, toSwitchboardError } from "@switchboard/domain";
import type { TwilioApi } from "./api.ts";
import type { SmsConfig } from "./config.ts";
import { keywordOf } from "./opt-out.ts";
import { sendPayload } from "./send.ts";
import { messageSid, paramsOf, text } from "./updates.ts";

/** Longer than the list is read back. */
const KEPT_MS = 2 * 86_400_000;
/** A number gets one answer in this time: another machine may say HELP to each of ours. */
const QUIET_MS = 3_600_000;

/**
 * Answers those among the events that ask for help, each once, also over restarts, and each number once an hour. Calls
 * must not overlap. Never rejects: a failure is logged.
 */
export async function answerHelp(
  api: TwilioApi,
  context: AccountContext<SmsConfig>,
  events: readonly RawEvent[],
  signal: AbortSignal,
): Promise<void> {
  const { config, log, memory } = context;
  if (config.helpText === undefined) return;
  for (const { payload } of events) {
    const params = paramsOf(payload);
    const [from, sid] = [text(params, "From"), messageSid(params)];
    if (from === undefined || sid === undefined || keywordOf(text(params, "Body") ?? "", undefined) !== "help")
      continue;
    const [key, number] = [`help/${sid}`, `help/${from}`];
    if (signal.aborted) return;
    const remember = async () => {
      await memory.set(key, "1", { ttlMs: KEPT_MS });
      await memory.set(number, "1", { ttlMs: QUIET_MS });
    };
    try {
      if ((await memory.get(key)) !== undefined || (await memory.get(number)) !== undefined) continue;
      const target = { conversation: from as ConversationId, kind: "direct" } as const;
      await sendPayload(api, context, target, { body: config.helpText }, signal);
      await remember();
    } catch (thrown) {
      const { code, delivered, message } = toSwitchboardError(thrown, "MSG_002");
      log.warn({ code }, `HELP could not be answered: ${message}`);
      // It may have arrived: better no answer than two.
      if (delivered === "unknown") await remember().catch(() => {});
    }
  }
}
