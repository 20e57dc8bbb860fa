/** "… is thinking" below the field: what Slack has for bots that type. */
import type { Target } from "@switchboard/domain";
import type { SlackApi } from "./api.ts";
import { channelOf, threadOf } from "./ids.ts";

/** Channels whose newest message is known. */
const RECENT = 1_000;

export class Status {
  readonly #api: SlackApi;
  readonly #text: string;
  /** The newest message by channel: where nobody speaks in threads, the status hangs on it. */
  readonly #newest = new Map<string, string>();
  /** Where a status is shown beside the thread that answers go to, by channel: the message it hangs on. */
  readonly #beside = new Map<string, string>();

  constructor(api: SlackApi, text: string) {
    this.#api = api;
    this.#text = text;
  }

  heard(channel: string, ts: string): void {
    this.#newest.delete(channel);
    this.#newest.set(channel, ts);
    const [oldest] = this.#newest.keys();
    if (this.#newest.size > RECENT && oldest !== undefined) this.#newest.delete(oldest);
  }

  async show(target: Target, signal: AbortSignal): Promise<void> {
    const channel = channelOf(target.conversation);
    const thread = target.thread === undefined ? this.#newest.get(channel) : threadOf(target.thread);
    if (thread === undefined) return;
    if (target.thread === undefined) this.#beside.set(channel, thread);
    await this.#set(channel, thread, this.#text, signal);
  }

  /** An answer in the thread ends the status by itself; one beside it does not. */
  async clear(target: Target, signal: AbortSignal): Promise<void> {
    const channel = channelOf(target.conversation);
    const thread = this.#beside.get(channel);
    if (target.thread !== undefined || thread === undefined) return;
    this.#beside.delete(channel);
    await this.#set(channel, thread, "", signal);
  }

  async #set(channel: string, thread: string, status: string, signal: AbortSignal): Promise<void> {
    await this.#api.call("assistant.threads.setStatus", { channel_id: channel, thread_ts: thread, status }, { signal });
  }
}
