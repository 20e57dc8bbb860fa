/** Finds out whether a send whose answer never came did make a message. */
import type { AccountContext, Json, MessageId, SendReceipt, Target } from "@switchboard/domain";
import type { TwilioApi } from "./api.ts";
import type { SmsConfig } from "./config.ts";
import type { Payload } from "./payload.ts";

/** Twilio makes the message before it answers; so long it may take to be seen in the list. */
const SETTLE_MS = 2_000;
/** Dates have whole seconds, and two clocks are compared. */
const TOLERANCE_MS = 2_000;
const NEWEST = "50";

/** The message with this text that was made for this number since and is no `known` other; `false` when there is none. */
export async function findSent(
  api: TwilioApi,
  { config, sleep }: Pick<AccountContext<SmsConfig>, "config" | "sleep">,
  { conversation }: Target,
  payload: Payload,
  startedAt: number,
  known: { has(id: MessageId): boolean },
  signal: AbortSignal,
): Promise<SendReceipt | false> {
  const from = config.from === undefined ? [] : [["From", config.from] as const];
  const look = async () => {
    const query = [["To", conversation] as const, ...from, ["PageSize", NEWEST] as const];
    const { body, now } = await api.get("/Messages.json", query, signal);
    // What our clock called then, in the words of theirs.
    const since = startedAt + (now - Date.now()) - TOLERANCE_MS;
    const list = Array.isArray(body.messages) ? body.messages : [];
    return list.map(asRecord).find((each) => isIt(each, payload, since) && !known.has(each.sid as MessageId))?.sid;
  };
  let sid = await look();
  const age = Date.now() - startedAt;
  if (sid === undefined && age < SETTLE_MS) {
    await sleep(SETTLE_MS - age);
    sid = await look();
  }
  return typeof sid === "string" ? { messageIds: [sid as MessageId] } : false;
}

function isIt(message: Readonly<Record<string, Json>>, { body, media = [] }: Payload, since: number): boolean {
  const { body: text, date_created: created, direction, num_media: files } = message;
  return (
    direction === "outbound-api" &&
    Date.parse(String(created)) >= since &&
    Number(files) === media.length &&
    hasText(String(text ?? ""), body)
  );
}

/** Trial accounts put a line before it, and smart encoding exchanges marks for others. */
function hasText(found: string, sent: string): boolean {
  const words = letters(sent);
  return words === "" ? found.endsWith(sent) : letters(found).endsWith(words);
}

function letters(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}]/gu, "");
}

function asRecord(value: Json): Readonly<Record<string, Json>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, Json>) : {};
}
