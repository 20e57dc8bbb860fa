/** Everything behind the page, without the page. */
import { Signal } from "../../shared/signal.ts";
import { browserStorage } from "../../shared/storage.ts";
import { type Conversation, filesOf, newestSeq, textOf } from "../model/conversation.ts";
import type { Outgoing, OutgoingFile } from "../model/outgoing.ts";
import { type Plight, plightOf } from "../model/plight.ts";
import { isSessionKey, newSessionKey } from "../model/session-name.ts";
import { transcribed } from "../model/timeline.ts";
import { sessionInAddress, showSession } from "./address.ts";
import { Drafts } from "./drafts.ts";
import { Gateway } from "./gateway.ts";
import { OpenConversation, STOPPED_UNREAD } from "./open-conversation.ts";
import { Outbox } from "./outbox.ts";
import { Sessions } from "./sessions.ts";
import { Uploads } from "./uploads.ts";

/** A stored message is in the transcript, waiting or being answered; one that is nowhere for so long is gone. */
const MISSING_MS = 2_500;

export class ChatApp {
  readonly gateway: Gateway;
  readonly sessions: Sessions;
  readonly outbox: Outbox;
  readonly uploads: Uploads;
  readonly drafts: Drafts;
  readonly conversation = new Signal<OpenConversation | undefined>(undefined);
  /** Something that was asked for and did not work; shown until the next thing works or it is put away. */
  readonly trouble = new Signal<Plight | undefined>(undefined);
  readonly #page: Window;
  readonly #storage = browserStorage();
  /** Runs of messages of ours that are over, with why nothing came of them, until the transcript was read. */
  readonly #ended = new Map<string, string | undefined>();
  /** Stored messages that the transcript read last knew nothing of, and since when. */
  readonly #missing = new Map<string, number>();

  constructor(page: Window) {
    this.#page = page;
    this.gateway = new Gateway(page.location);
    const { client } = this.gateway;
    this.sessions = new Sessions(client, this.#storage);
    this.uploads = new Uploads(client);
    this.drafts = new Drafts(this.#storage);
    this.outbox = new Outbox({
      client,
      storage: this.#storage,
      upload: (file) => this.uploads.upload(file),
      ended: ({ key, session }, stopped) => {
        this.#ended.set(key, stopped ? STOPPED_UNREAD : undefined);
        const conversation = this.conversation.get();
        if (conversation?.key === session) void conversation.read();
      },
    });
    client.onHello(() => this.#openFirst());
    client.onState(({ name }) => name === "connected" && this.trouble.set(undefined));
    page.addEventListener("popstate", () => {
      const session = sessionInAddress(page.location);
      if (session) this.#open(session);
    });
    page.addEventListener("online", () => this.gateway.connect());
    page.document.addEventListener("visibilitychange", () => {
      if (page.document.visibilityState === "visible" && this.gateway.state.get().name === "waiting") {
        this.gateway.connect();
      }
    });
  }

  get mainKey(): string | undefined {
    return this.gateway.hello.get()?.snapshot.sessionDefaults?.mainSessionKey;
  }

  open(session: string): void {
    if (this.conversation.get()?.key === session) return;
    showSession(this.#page.location, this.#page.history, session, "push");
    this.#open(session);
  }

  /** A session of its own; it comes to be with its first message. */
  begin(): void {
    const mainKey = this.mainKey;
    if (mainKey !== undefined) this.open(newSessionKey(mainKey, crypto.randomUUID().slice(0, 13)));
  }

  send(text: string, files: readonly OutgoingFile[] = [], deliver = false): void {
    const conversation = this.conversation.get();
    if (!conversation || (text.trim() === "" && files.length === 0)) return;
    this.trouble.set(undefined);
    const after = newestSeq(conversation.state.get());
    this.outbox.send({ session: conversation.key, text, files, after, ...(deliver && { deliver }) });
    this.sessions.refreshSoon();
  }

  /** Stops the answer that is being written, or else what waits for one. */
  async stop(): Promise<void> {
    const conversation = this.conversation.get();
    if (!conversation) return;
    const run = conversation.state.get().run?.id;
    try {
      await this.gateway.client.request("chat.abort", {
        sessionKey: conversation.key,
        ...(run !== undefined && { runId: run }),
      });
      void conversation.read();
    } catch (error) {
      this.trouble.set(plightOf(error));
    }
  }

  /** Takes a failed message back into the composer. */
  edit(message: Outgoing): void {
    this.outbox.discard(message.key);
    this.drafts.of(message.session).set({ text: message.text, files: message.files });
  }

  /** Says the newest message again, as a new one. */
  again(): void {
    const said = this.conversation
      .get()
      ?.state.get()
      .entries.findLast(({ message }) => message.role === "user");
    if (said) this.send(textOf(said.message), filesOf(said.message));
  }

  #openFirst(): void {
    if (this.conversation.get()) return;
    const last = this.#storage.read("session");
    const wanted = sessionInAddress(this.#page.location) ?? (isSessionKey(String(last)) ? String(last) : this.mainKey);
    if (wanted === undefined) return;
    showSession(this.#page.location, this.#page.history, wanted, "replace");
    this.#open(wanted);
  }

  #open(session: string): void {
    if (this.conversation.get()?.key === session) return;
    this.conversation.get()?.close();
    this.#storage.write("session", session);
    this.conversation.set(
      new OpenConversation(this.gateway.client, session, {
        read: () => this.#settle(session),
        ended: (run, reason) => {
          if (this.outbox.of(session).some(({ key }) => key === run)) this.#ended.set(run, reason);
          this.sessions.refreshSoon();
        },
      }),
    );
  }

  /** The transcript was read: what it shows need not be kept; what is over and not in it never will be. */
  #settle(session: string): void {
    const conversation = this.conversation.get()?.state.get();
    if (conversation?.key !== session) return;
    const outgoing = this.outbox.of(session);
    const shown = transcribed(conversation, outgoing);
    for (const message of outgoing) {
      if (shown.has(message.key)) this.#done(message);
      else if (message.state === "stored") this.#settleUnseen(message, conversation);
    }
    if (conversation.info) this.sessions.looked(conversation.info);
  }

  /** One that the gateway stored and the transcript does not show. */
  #settleUnseen(message: Outgoing, { pending, run }: Conversation): void {
    const { key } = message;
    if (run?.id === key || pending.some(({ runId }) => runId === key)) {
      this.#missing.delete(key);
    } else if (this.#ended.has(key)) {
      const reason = this.#ended.get(key);
      if (reason === undefined) this.#done(message);
      else this.#refused(key, reason);
    } else {
      // Between inbox and turn for a moment; after that it was stopped without anybody being told.
      const since = this.#missing.get(key) ?? Date.now();
      this.#missing.set(key, since);
      if (Date.now() - since >= MISSING_MS) this.#refused(key, STOPPED_UNREAD);
      else setTimeout(() => void this.conversation.get()?.read(), MISSING_MS);
    }
  }

  #done({ files, key }: Outgoing): void {
    this.outbox.done(key);
    this.#forget(key);
    for (const file of files) this.uploads.drop(file);
  }

  #refused(key: string, reason: string): void {
    this.outbox.refused(key, reason);
    this.#forget(key);
  }

  #forget(key: string): void {
    this.#ended.delete(key);
    this.#missing.delete(key);
  }
}
