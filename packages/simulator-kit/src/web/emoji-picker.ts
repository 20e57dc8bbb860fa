/** A small choice of emoji, as text or as stickers. */
import { h, iconButton } from "./dom.ts";

const emoji = [
  ..."😀 😁 😂 🙂 😉 😊 😍 😘 🤔 😐 🙄 😴 😎 🤓 😢 😭 😡 😱 🤯 🥳 👍 👎 👏 🙏 💪 🤝 👋 ✌️ 👀 ❤️ 🔥 ⭐ 🎉 💯 ✅ ❌ ❓ 💡 🚀 ☕".split(
    " ",
  ),
];

const STICKER = 512;

export class EmojiPicker {
  readonly button: HTMLElement;
  readonly element: HTMLElement;
  readonly #onEmoji: (text: string) => void;
  readonly #onSticker: (file: Blob) => void;
  #stickers = false;
  /** Whether emoji can be sent as stickers, too. */
  offersStickers = false;

  constructor(onEmoji: (text: string) => void, onSticker: (file: Blob) => void) {
    this.#onEmoji = onEmoji;
    this.#onSticker = onSticker;
    const button = iconButton("smile", "Emoji and stickers", () => this.#toggle());
    this.button = button;
    this.element = h("div", {
      class: "emoji-picker",
      attrs: { hidden: true, role: "dialog", "aria-label": "Emoji and stickers" },
    });
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.element.hidden = true;
      button.focus();
    });
    document.addEventListener("pointerdown", ({ target }) => {
      if (target instanceof Node && !this.element.contains(target) && !this.button.contains(target))
        this.element.hidden = true;
    });
  }

  #toggle(): void {
    this.element.hidden = !this.element.hidden;
    if (!this.element.hidden) this.#render();
  }

  #render(): void {
    const tab = (label: string, stickers: boolean) =>
      h(
        "button",
        {
          attrs: { type: "button", role: "tab", "aria-selected": String(this.#stickers === stickers) },
          on: {
            click: () => {
              this.#stickers = stickers;
              this.#render();
              this.element.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
            },
          },
        },
        label,
      );
    this.element.replaceChildren(
      h(
        "div",
        { class: "tabs", attrs: { role: "tablist", hidden: !this.offersStickers } },
        tab("Emoji", false),
        tab("Stickers", true),
      ),
      h(
        "div",
        { class: this.#stickers ? "grid stickers" : "grid" },
        ...emoji.map((one) =>
          h("button", { attrs: { type: "button", "aria-label": one }, on: { click: () => this.#choose(one) } }, one),
        ),
      ),
    );
  }

  #choose(one: string): void {
    if (!this.#stickers) {
      this.#onEmoji(one);
      return;
    }
    this.element.hidden = true;
    void drawSticker(one).then((file) => file && this.#onSticker(file));
  }
}

/** A sticker is a picture: the emoji, drawn large. */
function drawSticker(text: string): Promise<Blob | null> {
  const canvas = h("canvas", { attrs: { width: STICKER, height: STICKER } });
  const pen = canvas.getContext("2d");
  if (pen) {
    pen.font = `${STICKER * 0.78}px ${getComputedStyle(document.documentElement).getPropertyValue("--emoji")}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(text, STICKER / 2, STICKER * 0.54);
  }
  return new Promise((resolve) => canvas.toBlob(resolve, "image/webp"));
}
