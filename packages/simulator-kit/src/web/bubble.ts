/** One message as an element. */
import type { PaneButton, PaneCard, PaneControl, PaneMedia, PaneMessage, PaneSelect } from "../shared/protocol.ts";
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
  readonly person: string;
  readonly layout: "bubbles" | "lines";
  readonly replies: boolean;
  readonly onPress: (message: PaneMessage, button: PaneButton, element: HTMLElement) => void;
  readonly onSelect: (
    message: PaneMessage,
    select: PaneSelect,
    values: readonly string[],
    element: HTMLElement,
  ) => void;
  readonly onReact: (message: PaneMessage, emoji: string) => void;
  readonly onMenu: (message: PaneMessage, at: { x: number; y: number }) => void;
  readonly onReply: (message: PaneMessage) => void;
  readonly onJump: (id: string) => void;
  readonly onCommand: (command: string) => void;
}

export function bubble(message: PaneMessage, context: BubbleContext): HTMLElement {
  if (message.service !== undefined) {
    return h("div", { class: "service", attrs: { "data-id": message.id } }, h("span", {}, message.service));
  }
  const { mine } = context;
  const big = message.media === undefined && isBigEmoji(message.text, message.rich);
  const bare = big || message.media?.[0]?.kind === "sticker";
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
          if (event.target instanceof HTMLElement && event.target.closest("button, a, code, select")) return;
          if (context.replies) context.onReply(message);
        },
      },
    },
    isNamed(context) && h("span", { class: "message-avatar" }, avatar(message.from.name, message.from.id)),
    h("div", { class: "message-column" }, body(message, context), controls(message, context)),
  );
  return article;
}

function body(message: PaneMessage, context: BubbleContext): HTMLElement {
  const { mine } = context;
  const shown = message.rich ?? (message.text === "" ? [] : [message.text]);
  const text = shown.length > 0 && richText(shown, context);
  const sender = isNamed(context) && h("div", { class: "sender" }, message.from.name);
  if (sender) sender.style.setProperty("--hue", String(hueOf(message.from.id)));
  const [first] = message.media ?? [];
  const pictured = first?.kind === "image" || first?.kind === "video";
  return h(
    "div",
    { class: `bubble${pictured ? " pictured" : ""}${text === false ? " wordless" : ""}` },
    sender,
    message.forwardedFrom !== undefined && h("div", { class: "forwarded" }, `Forwarded from ${message.forwardedFrom}`),
    message.onlyFor !== undefined && h("div", { class: "forwarded" }, "Only visible to you"),
    message.reply && replyLine(message.reply, context),
    ...(message.media ?? []).map(mediaOf),
    text && h("div", { class: "text", attrs: { dir: "auto" } }, text),
    ...(message.cards ?? []).map((one) => card(one, context)),
    h(
      "div",
      { class: "meta" },
      reactions(message, context),
      h(
        "span",
        { class: "when" },
        message.edited && h("span", { class: "edited" }, "edited"),
        h("time", { attrs: { datetime: new Date(message.at).toISOString() } }, timeOf(message.at)),
        message.status !== undefined && h("span", { class: "status-word" }, message.status),
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

/** Whose message it is matters in a group, and wherever everybody's stand on one side. */
function isNamed({ mine, group, layout }: BubbleContext): boolean {
  return layout === "lines" || (group && !mine);
}

function mediaOf(media: PaneMedia): HTMLElement {
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

function card({ title, rich = [], options = [], color }: PaneCard, context: BubbleContext): HTMLElement {
  const element = h(
    "div",
    { class: options.length > 0 ? "card poll" : "card" },
    title !== undefined && h("strong", {}, title),
    rich.length > 0 && h("span", {}, richText(rich, context)),
    ...options.map((option) => h("span", { class: "option" }, option)),
  );
  if (color !== undefined) element.style.borderColor = color;
  return element;
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

function controls(message: PaneMessage, context: BubbleContext): HTMLElement | undefined {
  if (message.controls.length === 0) return undefined;
  const rows = message.controls.map((row) =>
    h("div", { class: "key-row" }, ...row.map((one) => control(message, one, context))),
  );
  return h("div", { class: "keys" }, ...rows);
}

function control(message: PaneMessage, one: PaneControl, { onPress, onSelect }: BubbleContext): HTMLElement {
  if ("options" in one) return choice(one, (values, element) => onSelect(message, one, values, element));
  const key = h(
    "button",
    { class: `key ${one.style ?? ""}`, attrs: { type: "button", disabled: one.disabled } },
    h("span", {}, one.label),
    one.url !== undefined && iconOf("link"),
    one.copy !== undefined && iconOf("copy"),
  );
  key.addEventListener("click", () => onPress(message, one, key));
  return key;
}

function choice(
  { label, options, many = false }: PaneSelect,
  chosen: (values: readonly string[], element: HTMLElement) => void,
): HTMLElement {
  const first = many ? [] : [h("option", { attrs: { value: "", disabled: true, selected: true } }, label)];
  const select = h(
    "select",
    { class: "key", attrs: { "aria-label": label, multiple: many } },
    ...first,
    ...options.map((option) => h("option", { attrs: { value: option.value } }, option.label)),
  );
  select.addEventListener("change", () =>
    chosen(
      [...select.selectedOptions].map(({ value }) => value),
      select,
    ),
  );
  return select;
}

function spoken(message: PaneMessage, mine: boolean): string {
  const who = mine ? "You" : message.from.name;
  const what = message.text === "" ? (message.media?.[0]?.kind ?? "message") : message.text.slice(0, 300);
  return `${who}, ${timeOf(message.at)}: ${what}`;
}
