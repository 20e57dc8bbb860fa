/**
 * Messages that came in, read from Twilio's list: how the account hears without a public address, and what it finds of
 * the time when a webhook call did not get through. Whatever was heard already has the same key and changes nothing.
 */
import { Newest } from "@switchboard/channel-kit/connection";
import type { AccountContext, Json, RawEvent } from "@switchboard/domain";
import type { JsonAnswer, TwilioApi } from "./api.ts";
import type { SmsConfig } from "./config.ts";
import type { InboundPlace } from "./inbound-place.ts";
import { unbundle } from "./updates.ts";

const MEMORY_KEY = "read until";
/** A message may appear in the list a while after its date. */
const OVERLAP_MS = 60_000;
/** What waited longer is not answered any more. */
const OLDEST_MS = 86_400_000;
const PAGE = "200";
const MOST_PAGES = 25;
const MOST_KNOWN = 5_000;

export class MessageList {
  readonly #api: TwilioApi;
  readonly #context: AccountContext<SmsConfig>;
  readonly #place: InboundPlace;
  /** SIDs that were handed over, so that overlaps cost nothing. */
  readonly #known = new Newest<string, true>(MOST_KNOWN);

  constructor(api: TwilioApi, context: AccountContext<SmsConfig>, place: InboundPlace) {
    this.#api = api;
    this.#context = context;
    this.#place = place;
  }

  /**
   * Hands over what came in since the last time, and returns it. Rejects with CONN_*, STORE_*: then the next call begins
   * there again.
   */
  async read(signal: AbortSignal): Promise<readonly RawEvent[]> {
    const { config, memory } = this.#context;
    const kept = Number(await memory.get(MEMORY_KEY));
    const { found, now } = await this.#since(
      (theirs) => Math.max(theirs - OLDEST_MS, kept > 0 ? kept - OVERLAP_MS : theirs - config.firstLookBackMs),
      signal,
    );
    const events: RawEvent[] = [];
    for (const message of found) events.push(unbundle(await this.#asCall(message, signal)));
    if (events.length > 0) await this.#context.receive(events);
    for (const { sid } of found) this.knows(String(sid));
    // A marker a second is as good as one a poll, and costs no write.
    if (!(kept > 0) || now - kept > OVERLAP_MS / 4) await memory.set(MEMORY_KEY, String(now));
    this.#context.alive({ kind: "probe", at: Date.now() });
    return events;
  }

  /** Oldest first. */
  async #since(sinceAt: (theirs: number) => number, signal: AbortSignal) {
    const found: JsonAnswer[] = [];
    const first = await this.#api.get("/Messages.json", this.#query(sinceAt), signal);
    const since = sinceAt(first.now);
    let { body } = first;
    for (let pages = 1; ; pages++) {
      const messages = Array.isArray(body.messages) ? (body.messages as JsonAnswer[]) : [];
      found.push(...messages.filter((message) => this.#isNew(message, since)));
      const oldest = messages.at(-1);
      const next = body.next_page_uri;
      if (!oldest || dateOf(oldest) < since || typeof next !== "string" || pages === MOST_PAGES) break;
      ({ body } = await this.#api.page(next, signal));
    }
    return { found: found.reverse(), now: first.now };
  }

  /** Twilio filters by whole days; a day more costs one page. */
  #query(sinceAt: (theirs: number) => number) {
    const { from } = this.#context.config;
    const day = new Date(sinceAt(Date.now()) - OLDEST_MS / 2).toISOString().slice(0, 10);
    return [
      ...(from !== undefined && this.#place.kind === "number" ? [["To", from] as const] : []),
      ["DateSent>", day] as const,
      ["PageSize", PAGE] as const,
    ];
  }

  #isNew(message: JsonAnswer, since: number): boolean {
    const { direction, messaging_service_sid: service, sid, to } = message;
    if (direction !== "inbound" || dateOf(message) < since || this.#known.has(String(sid))) return false;
    return this.#place.kind === "number" ? to === this.#place.name : service === this.#place.sid;
  }

  /** This one is stored, wherever it came from. */
  knows(sid: string): void {
    this.#known.set(sid, true);
  }

  /** The parameters with which Twilio would have called, and the date, which a call does not tell. */
  async #asCall(message: JsonAnswer, signal: AbortSignal): Promise<Record<string, Json>> {
    const { account_sid, body, date_sent, from, messaging_service_sid, num_media, num_segments, sid, to } = message;
    const count = Number(num_media) || 0;
    return {
      AccountSid: account_sid ?? "",
      MessageSid: sid ?? "",
      From: from ?? "",
      To: to ?? "",
      Body: body ?? "",
      NumMedia: String(count),
      NumSegments: num_segments ?? "1",
      DateSent: date_sent ?? "",
      ...(typeof messaging_service_sid === "string" && { MessagingServiceSid: messaging_service_sid }),
      ...(count > 0 && (await this.#media(String(sid), signal))),
    };
  }

  async #media(sid: string, signal: AbortSignal): Promise<Record<string, Json>> {
    const { body } = await this.#api.get(`/Messages/${sid}/Media.json`, [], signal);
    const list = Array.isArray(body.media_list) ? (body.media_list as JsonAnswer[]) : [];
    const named = list.flatMap(({ content_type, uri }, index) => [
      [`MediaUrl${index}`, new URL(String(uri).replace(/\.json$/, ""), this.#context.config.baseUrl).toString()],
      [`MediaContentType${index}`, content_type ?? ""],
    ]);
    return { NumMedia: String(list.length), ...(Object.fromEntries(named) as Record<string, Json>) };
  }
}

function dateOf({ date_created, date_sent }: JsonAnswer): number {
  return Date.parse(String(date_sent ?? date_created)) || 0;
}
