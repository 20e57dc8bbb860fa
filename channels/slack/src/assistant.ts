/** Slack's panel for agents: what is suggested where a conversation begins, and what its thread is called. */
import type { SlackApi } from "./api.ts";
import type { SlackConfig } from "./config.ts";
import { shortened } from "./controls.ts";
import { plainMrkdwn } from "./mrkdwn.ts";

/** Threads in which nobody has said anything yet. */
const BEGUN = 1_000;
const TITLE = 60;

export class Assistant {
  readonly #api: SlackApi;
  readonly #config: Pick<SlackConfig, "suggestedPrompts" | "suggestedPromptsTitle" | "threadTitles">;
  readonly #begun = new Set<string>();
  /** Threads are begun: the app has the older panel. */
  #isOlder = false;

  constructor(api: SlackApi, config: SlackConfig) {
    this.#api = api;
    this.#config = config;
  }

  /** A thread was begun in the panel. */
  async begun(channel: string, thread: string, signal: AbortSignal): Promise<void> {
    this.#isOlder = true;
    this.#begun.add(`${channel} ${thread}`);
    const [oldest] = this.#begun;
    if (this.#begun.size > BEGUN && oldest !== undefined) this.#begun.delete(oldest);
    await this.#suggest({ channel_id: channel, thread_ts: thread }, signal);
  }

  /** The direct messages were opened. Apps with the newer panel (`agent_view`) hear nothing else, and name no thread. */
  async opened(channel: string, signal: AbortSignal): Promise<void> {
    if (!this.#isOlder) await this.#suggest({ channel_id: channel }, signal);
  }

  /** A thread that was begun is called by what is said in it first. After a restart it keeps the name it has. */
  async said(channel: string, thread: string, text: string, signal: AbortSignal): Promise<void> {
    if (!this.#begun.delete(`${channel} ${thread}`) || !this.#config.threadTitles) return;
    const title = shortened(plainMrkdwn(text).replaceAll(/\s+/g, " ").trim(), TITLE);
    if (title === "") return;
    await this.#api.call("assistant.threads.setTitle", { channel_id: channel, thread_ts: thread, title }, { signal });
  }

  async #suggest(where: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> {
    const { suggestedPrompts: prompts, suggestedPromptsTitle: title } = this.#config;
    if (prompts.length === 0) return;
    const args = { ...where, prompts, ...(title !== undefined && { title }) };
    await this.#api.call("assistant.threads.setSuggestedPrompts", args, { signal });
  }
}
