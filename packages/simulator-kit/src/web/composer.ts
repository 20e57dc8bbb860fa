/** Where one writes. Enter sends, Shift+Enter breaks the line, the up arrow edits one's last message. */
import type { PaneChat, PaneMessage } from "../shared/protocol.ts";
import { Attachments } from "./attachments.ts";
import { gistOf } from "./chat-list.ts";
import { h, iconButton, iconOf } from "./dom.ts";
import { EmojiPicker } from "./emoji-picker.ts";
import { showKept } from "./kept.ts";
import { complain } from "./notices.ts";
import { act, upload } from "./server.ts";
import { type Place, placeKey, type Store } from "./store.ts";
import { Suggestions } from "./suggestions.ts";

export class Composer {
  readonly element: HTMLElement;
  readonly #store: Store;
  readonly #input: HTMLTextAreaElement;
  readonly #send: HTMLButtonElement;
  readonly #about: HTMLElement;
  readonly #form: HTMLFormElement;
  readonly #instead: HTMLButtonElement;
  readonly #keyboard: HTMLElement;
  readonly #attachments: Attachments;
  readonly #suggestions: Suggestions;
  readonly #emoji: EmojiPicker;
  readonly #drafts = new Map<string, string>();
  #place: Place | undefined;
  #replying: PaneMessage | undefined;
  #editing: PaneMessage | undefined;

  constructor(store: Store) {
    this.#store = store;
    this.#attachments = new Attachments(() => this.#update());
    this.#input = h("textarea", {
      attrs: { rows: 1, placeholder: "Message", "aria-label": "Message", enterkeyhint: "send" },
      on: {
        input: () => this.#update(),
        keydown: (event) => this.#key(event),
        paste: (event) => this.#attachments.take(event.clipboardData, event),
      },
    });
    this.#suggestions = new Suggestions(store, this.#input, () => this.#update());
    this.#send = iconButton("send", "Send", () => void this.#submit(), "send");
    this.#about = h("div", { class: "about", attrs: { hidden: true } });
    this.#instead = h("button", { class: "instead", attrs: { type: "button", hidden: true } });
    this.#keyboard = h("div", { class: "reply-keyboard", attrs: { role: "group", "aria-label": "Keyboard" } });
    this.#emoji = new EmojiPicker(
      (text) => this.#insert(text),
      (sticker) => void this.#sticker(sticker),
    );
    this.#form = h(
      "form",
      {
        class: "composer-row",
        on: {
          submit: (event) => {
            event.preventDefault();
            void this.#submit();
          },
        },
      },
      this.#attachments.button,
      this.#input,
      this.#emoji.button,
      this.#send,
    );
    this.element = h(
      "footer",
      {
        class: "composer",
        on: {
          dragover: (event) => event.preventDefault(),
          drop: (event) => this.#attachments.take(event.dataTransfer, event),
        },
      },
      this.#suggestions.element,
      this.#emoji.element,
      this.#about,
      this.#attachments.element,
      this.#form,
      this.#instead,
      this.#keyboard,
    );
  }

  render(chat: PaneChat, place: Place): void {
    if (!this.#place || placeKey(this.#place) !== placeKey(place)) this.#moveTo(place);
    const { look, person } = this.#store;
    this.#input.placeholder = look.placeholder ?? "Message";
    this.#emoji.offersStickers = look.stickers === true;
    this.#attachments.button.hidden = look.without?.includes("files") ?? false;
    const closed = chat.threads?.find(({ id }) => id === place.thread)?.closed ?? false;
    const { label, says, does } = closed ? { label: "This thread is closed" } : (chat.instead ?? { label: "" });
    this.#form.hidden = label !== "";
    this.#instead.hidden = label === "";
    this.#instead.disabled = says === undefined && does === undefined;
    this.#instead.textContent = label;
    this.#instead.onclick = () => {
      if (says !== undefined) this.send(says);
      if (does !== undefined) void act({ kind: "do", does, person, chat: chat.id, values: {} }).catch(complain);
    };
    this.#renderKeyboard(place);
  }

  replyTo(message: PaneMessage): void {
    this.#editing = undefined;
    this.#replying = message;
    this.#showAbout();
    this.#input.focus();
  }

  edit(message: PaneMessage): void {
    this.#replying = undefined;
    this.#editing = message;
    this.#input.value = message.typed ?? message.text;
    this.#showAbout();
    this.#update();
    this.#input.focus();
    this.#input.setSelectionRange(this.#input.value.length, this.#input.value.length);
  }

  /** Says something that was not typed, e.g. a command. */
  send(text: string): void {
    void this.#say(text).catch(complain);
  }

  #moveTo(place: Place): void {
    if (this.#place && !this.#editing) this.#drafts.set(placeKey(this.#place), this.#input.value);
    this.#place = place;
    this.#replying = undefined;
    this.#editing = undefined;
    this.#showAbout();
    this.#input.value = this.#drafts.get(placeKey(place)) ?? "";
    this.#update();
    // Who walks through the topics by keyboard stays there; a keyboard on the screen of a phone would cover the chat.
    const isWalking = document.activeElement?.matches('[role="tab"]:focus-visible') ?? false;
    if (!isWalking && matchMedia("(hover: hover)").matches) this.#input.focus({ preventScroll: true });
  }

  #update(): void {
    this.#input.style.height = "auto";
    this.#input.style.height = `${Math.min(this.#input.scrollHeight, 160)}px`;
    this.#send.disabled = this.#input.value.trim() === "" && this.#attachments.files.length === 0;
    this.#send.replaceChildren(iconOf(this.#editing ? "check" : "send"));
    this.#suggestions.update();
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing || this.#suggestions.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void this.#submit();
    } else if (event.key === "ArrowUp" && this.#input.value === "") {
      const own = this.#lastOwn();
      if (!own) return;
      event.preventDefault();
      this.edit(own);
    } else if (event.key === "Escape" && (this.#editing || this.#replying)) {
      event.preventDefault();
      this.#cancel();
    }
  }

  #lastOwn(): PaneMessage | undefined {
    if (!this.#place) return undefined;
    const { look, person } = this.#store;
    if (look.without?.includes("edit")) return undefined;
    return this.#store
      .messagesIn(this.#place)
      .findLast(({ from, service, text }) => from.id === person && service === undefined && text !== "");
  }

  #cancel(): void {
    if (this.#editing) this.#input.value = "";
    this.#editing = undefined;
    this.#replying = undefined;
    this.#showAbout();
    this.#update();
  }

  #showAbout(): void {
    const message = this.#editing ?? this.#replying;
    this.#about.hidden = message === undefined;
    if (!message) return;
    this.#about.replaceChildren(
      iconOf(this.#editing ? "edit" : "reply"),
      h(
        "div",
        {},
        h("strong", {}, this.#editing ? "Edit message" : `Reply to ${message.from.name}`),
        h("span", {}, gistOf(message)),
      ),
      iconButton("close", "Cancel", () => this.#cancel()),
    );
  }

  async #submit(): Promise<void> {
    const text = this.#input.value.trim();
    const place = this.#place;
    const files = this.#attachments.files;
    if (!place || (text === "" && files.length === 0)) return;
    const editing = this.#editing;
    const kept = this.#input.value;
    this.#input.value = "";
    try {
      if (editing) {
        const { person } = this.#store;
        this.#cancel();
        await act({ kind: "edit", person, chat: editing.chat, message: editing.id, text });
      } else if (files.length > 0) {
        await this.#sendFiles(text);
      } else {
        await this.#say(text);
      }
    } catch (error) {
      if (this.#input.value === "") this.#input.value = kept;
      complain(error);
    }
    this.#update();
  }

  async #say(text: string): Promise<void> {
    const place = this.#place;
    if (!place) return;
    const reply = this.#replying?.id;
    this.#cancel();
    this.#update();
    const { person } = this.#store;
    sent(await act({ kind: "say", person, ...place, text, ...(reply !== undefined && { replyTo: reply }) }));
  }

  async #sendFiles(caption: string): Promise<void> {
    const place = this.#place;
    if (!place) return;
    const replyTo = this.#replying?.id;
    const files = this.#attachments.clear();
    this.#cancel();
    for (const [index, { file, kind }] of files.entries()) {
      const text = index === 0 ? caption : "";
      sent(await upload({ ...place, person: this.#store.person, replyTo, text, kind, file, name: file.name }));
    }
  }

  async #sticker(file: Blob): Promise<void> {
    const place = this.#place;
    if (!place) return;
    const { person } = this.#store;
    try {
      sent(await upload({ ...place, person, text: "", kind: "sticker", file, name: "sticker.webp" }));
    } catch (error) {
      complain(error);
    }
  }

  #insert(text: string): void {
    const { selectionStart, selectionEnd } = this.#input;
    this.#input.setRangeText(text, selectionStart, selectionEnd, "end");
    this.#update();
    this.#input.focus();
  }

  #renderKeyboard(place: Place): void {
    const latest = this.#store.messagesIn(place).findLast(({ keyboard }) => keyboard !== undefined);
    const rows = latest?.keyboard ?? [];
    this.#keyboard.hidden = rows.length === 0 || this.#form.hidden;
    showKept(
      this.#keyboard,
      rows.map((row, index) =>
        h(
          "div",
          // Of other words another row: its buttons say what they say.
          { class: "key-row", attrs: { "data-key": JSON.stringify([index, row]) } },
          ...row.map((label) =>
            h("button", { class: "key", attrs: { type: "button" }, on: { click: () => this.send(label) } }, label),
          ),
        ),
      ),
    );
  }
}

/** Tells the page around this one, if any, what was said. */
function sent({ chat: conversation, message }: { readonly chat?: string; readonly message?: string }): void {
  if (window.parent === window || message === undefined) return;
  window.parent.postMessage({ type: "switchboard:message", conversation, messageId: message }, "*");
}
