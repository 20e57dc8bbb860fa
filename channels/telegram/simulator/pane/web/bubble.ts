/** One message as an element. */
import type { PaneButton, PaneMessage } from "../shared/protocol.ts";
import { avatar, h, hueOf, iconOf, sizeOf, timeOf } from "./dom.ts";
import { isBigEmoji, richText } from "./rich-text.ts";
import { fileAddress } from "./server.ts";

/** Largest photo on the page, in pixels. */
const PHOTO_WIDTH = 400;
const PHOTO_HEIGHT = 360;

export interface BubbleContext {
  readonly mine: boolean;
  /** In a group it matters who wrote it. */
  readonly group: boolean;
  readonly person: number;
  readonly onPress: (message: PaneMessage, button: PaneButton, element: HTMLButtonElement) => void;
  readonly onReact: (message: PaneMessage, emoji: string) => void;
  readonly onMenu: (message: PaneMessage, at: { x: number; y: number }) => void;
  readonly onReply: (message: PaneMessage) => void;
  readonly onJump: (id: number) => void;
  readonly onCommand: (command: string) => void;
}

export function bubble(message: PaneMessage, context: BubbleContext): HTMLElement {
  if (message.service !== undefined) {
    return h("div", { class: "service", attrs: { "data-id": message.id } }, h("span", {}, message.service));
  }
  const { mine, group } = context;
  const big = message.media === undefined && isBigEmoji(message.text, message.entities);
  const bare = big || message.media?.kind === "sticker";
  const article = h(
    "article",
    {
      class: `message${mine ? " mine" : ""}${bare ? " bare" : ""}${big ? " big" : ""}`,
      attrs: { "data-id": message.id, tabindex: -1, "aria-label": spoken(message, mine) },
      on: {
        contextmenu: (event) => {
          if (event.target instanceof HTMLElement && event.target.closest("a, img")) return;
          event.preventDefault();
          context.onMenu(message, { x: event.clientX, y: event.clientY });
        },
        dblclick: (event) => {
          if (event.target instanceof HTMLElement && event.target.closest("button, a, code")) return;
          context.onReply(message);
        },
      },
    },
    group && !mine && h("span", { class: "message-avatar" }, avatar(message.from.name, message.from.id)),
    h("div", { class: "message-column" }, body(message, context), keyboard(message, context)),
  );
  return article;
}

function body(message: PaneMessage, context: BubbleContext): HTMLElement {
  const { mine, group } = context;
  const text = message.text !== "" && richText(message.text, message.entities, context);
  const sender = group && !mine && h("div", { class: "sender" }, message.from.name);
  if (sender) sender.style.setProperty("--hue", String(hueOf(message.from.id)));
  const pictured = message.media?.kind === "image" || message.media?.kind === "video";
  return h(
    "div",
    { class: `bubble${pictured ? " pictured" : ""}${text === false ? " wordless" : ""}` },
    sender,
    message.forwardedFrom !== undefined && h("div", { class: "forwarded" }, `Forwarded from ${message.forwardedFrom}`),
    message.reply && replyLine(message.reply, context),
    mediaOf(message),
    extrasOf(message),
    text && h("div", { class: "text", attrs: { dir: "auto" } }, text),
    h(
      "div",
      { class: "meta" },
      reactions(message, context),
      h(
        "span",
        { class: "when" },
        message.edited && h("span", { class: "edited" }, "edited"),
        h("time", { attrs: { datetime: new Date(message.at).toISOString() } }, timeOf(message.at)),
        mine && iconOf("check"),
      ),
    ),
    moreButton(message, context),
  );
}

function moreButton(message: PaneMessage, { onMenu }: BubbleContext): HTMLElement {
  const button = h(
    "button",
    { class: "more", attrs: { type: "button", "aria-label": "Message actions", "aria-haspopup": "menu" } },
    iconOf("down"),
  );
  button.addEventListener("click", () => {
    const { left, bottom } = button.getBoundingClientRect();
    onMenu(message, { x: left, y: bottom });
  });
  return button;
}

function replyLine({ id, name, text }: NonNullable<PaneMessage["reply"]>, { onJump }: BubbleContext): HTMLElement {
  return h(
    "button",
    { class: "reply-line", attrs: { type: "button" }, on: { click: () => onJump(id) } },
    h("span", { class: "reply-name" }, name),
    h("span", { class: "reply-text" }, text),
  );
}

function mediaOf({ media }: PaneMessage): HTMLElement | undefined {
  if (!media) return undefined;
  const src = fileAddress(media.file);
  const name = media.name ?? media.kind;
  switch (media.kind) {
    case "image": {
      const image = h("img", { attrs: { src, alt: name, loading: "lazy" } });
      // Known beforehand, so that nothing jumps when the picture arrives.
      const { width = 320, height = 240 } = media;
      const scale = Math.min(1, PHOTO_WIDTH / width, PHOTO_HEIGHT / height);
      image.style.width = `${Math.max(Math.round(width * scale), 90)}px`;
      image.style.aspectRatio = `${width} / ${height}`;
      return h("a", { class: `photo${media.spoiler ? " veiled" : ""}`, attrs: { href: src, target: "_blank" } }, image);
    }
    case "sticker":
      return h("img", { class: "sticker", attrs: { src, alt: "Sticker", width: 160, height: 160 } });
    case "video":
      return h("video", { attrs: { src, controls: true, preload: "metadata", "aria-label": name } });
    case "audio":
    case "voice":
      return h(
        "div",
        { class: "sound" },
        media.kind === "audio" && h("span", { class: "file-name" }, name),
        h("audio", { attrs: { src, controls: true, preload: "metadata", "aria-label": name } }),
      );
    default:
      return h(
        "a",
        { class: "file", attrs: { href: src, download: name } },
        h("span", { class: "file-icon" }, iconOf("file")),
        h("span", {}, h("span", { class: "file-name" }, name), h("span", { class: "file-size" }, sizeOf(media.size))),
      );
  }
}

function extrasOf({ place, contact, poll }: PaneMessage): HTMLElement | undefined {
  if (place) {
    const { latitude, longitude, title } = place;
    return h(
      "div",
      { class: "card" },
      h("strong", {}, title ?? "Location"),
      h("span", {}, `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`),
    );
  }
  if (contact) return h("div", { class: "card" }, h("strong", {}, contact.name), h("span", {}, contact.phone));
  if (!poll) return undefined;
  return h(
    "div",
    { class: "card poll" },
    h("strong", {}, poll.question),
    h("span", { class: "hint" }, poll.closed ? "Final results" : "Poll"),
    ...poll.options.map((option) => h("span", { class: "option" }, option)),
  );
}

function reactions(
  { reactions: all, ...message }: PaneMessage,
  { person, onReact }: BubbleContext,
): HTMLElement | undefined {
  if (all.length === 0) return undefined;
  const chips = all.map(({ emoji, by }) =>
    h(
      "button",
      {
        class: by.includes(person) ? "chosen" : "",
        attrs: { type: "button", "aria-pressed": String(by.includes(person)), "aria-label": `${emoji} ${by.length}` },
        on: { click: () => onReact({ ...message, reactions: all }, emoji) },
      },
      emoji,
      h("span", {}, String(by.length)),
    ),
  );
  return h("span", { class: "reactions" }, ...chips);
}

function keyboard(message: PaneMessage, { onPress }: BubbleContext): HTMLElement | undefined {
  if (message.buttons.length === 0) return undefined;
  const rows = message.buttons.map((row) =>
    h(
      "div",
      { class: "key-row" },
      ...row.map((button) => {
        const key = h(
          "button",
          { class: `key ${button.style ?? ""}`, attrs: { type: "button" } },
          h("span", {}, button.label),
          button.url !== undefined && iconOf("link"),
          button.copy !== undefined && iconOf("copy"),
        );
        key.addEventListener("click", () => onPress(message, button, key));
        return key;
      }),
    ),
  );
  return h("div", { class: "keys" }, ...rows);
}

function spoken(message: PaneMessage, mine: boolean): string {
  const who = mine ? "You" : message.from.name;
  const what = message.text === "" ? (message.media?.kind ?? "message") : message.text.slice(0, 300);
  return `${who}, ${timeOf(message.at)}: ${what}`;
}
