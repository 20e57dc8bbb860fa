/** Files on their way: chosen, dropped or pasted. */
import type { PaneMedia } from "../shared/protocol.ts";
import { h, iconButton, sizeOf } from "./dom.ts";

export interface Attachment {
  readonly file: File;
  readonly kind: PaneMedia["kind"];
}

export class Attachments {
  readonly element: HTMLElement;
  readonly button: HTMLElement;
  readonly #changed: () => void;
  readonly #asFiles: HTMLInputElement;
  readonly #strip: HTMLElement;
  #chosen: File[] = [];
  #previews: string[] = [];

  constructor(changed: () => void) {
    this.#changed = changed;
    const input = h("input", {
      attrs: { type: "file", multiple: true, hidden: true, "aria-label": "Files" },
      on: {
        change: () => {
          this.#add([...(input.files ?? [])]);
          input.value = "";
        },
      },
    });
    this.button = h(
      "span",
      {},
      input,
      iconButton("attach", "Attach files", () => input.click()),
    );
    this.#asFiles = h("input", { attrs: { type: "checkbox" } });
    this.#strip = h("div", { class: "strip" });
    this.element = h(
      "div",
      { class: "attachments", attrs: { hidden: true } },
      this.#strip,
      h("label", {}, this.#asFiles, "Send as files"),
    );
  }

  get files(): readonly Attachment[] {
    return this.#chosen.map((file) => ({ file, kind: this.#asFiles.checked ? "document" : kindOf(file) }));
  }

  /** Takes the files out of a drop or paste, if there are any. */
  take(data: DataTransfer | null, event: Event): void {
    const files = [...(data?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    this.#add(files);
  }

  /** Empties the strip and returns what was in it. */
  clear(): readonly Attachment[] {
    const { files } = this;
    this.#chosen = [];
    this.#render();
    return files;
  }

  #add(files: readonly File[]): void {
    this.#chosen.push(...files);
    this.#render();
  }

  #render(): void {
    for (const preview of this.#previews) URL.revokeObjectURL(preview);
    this.#previews = [];
    this.element.hidden = this.#chosen.length === 0;
    this.#strip.replaceChildren(
      ...this.#chosen.map((file, index) =>
        h(
          "div",
          { class: "chosen" },
          file.type.startsWith("image/") && h("img", { attrs: { src: this.#preview(file), alt: "" } }),
          h(
            "span",
            {},
            h("span", { class: "file-name" }, file.name),
            h("span", { class: "file-size" }, sizeOf(file.size)),
          ),
          iconButton("close", `Remove ${file.name}`, () => {
            this.#chosen.splice(index, 1);
            this.#render();
          }),
        ),
      ),
    );
    this.#changed();
  }

  #preview(file: File): string {
    const preview = URL.createObjectURL(file);
    this.#previews.push(preview);
    return preview;
  }
}

function kindOf({ type, name }: File): PaneMedia["kind"] {
  if (/^image\/(jpeg|png|webp|bmp|gif)$/.test(type)) return "image";
  if (/^video\/(mp4|webm|quicktime)$/.test(type)) return "video";
  if (/\.(oga|opus)$/i.test(name) || type === "audio/ogg") return "voice";
  return type.startsWith("audio/") ? "audio" : "document";
}
