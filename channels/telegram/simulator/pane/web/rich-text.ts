/** Text with entities as elements. */
import { nest, type ShownEntity, type TextNode } from "../shared/nest.ts";
import { h, iconButton } from "./dom.ts";
import { copyText } from "./notices.ts";

/** What pressing a command or a mention in the text does. */
export interface TextActions {
  readonly onCommand: (command: string) => void;
}

export function richText(text: string, entities: readonly ShownEntity[], actions: TextActions): DocumentFragment {
  const fragment = document.createDocumentFragment();
  let afterBlock = false;
  for (const node of nest(text, entities)) {
    // A block ends its line by itself; the line break behind it would make an empty one.
    const shown = afterBlock && node.kind === "text" ? { ...node, text: node.text.replace(/^\n/, "") } : node;
    fragment.append(element(shown, actions));
    afterBlock = node.kind === "entity" && blocks.has(node.entity.type);
  }
  return fragment;
}

/** Whether a text is nothing but a few emoji, which are then shown large. */
export function isBigEmoji(text: string, entities: readonly ShownEntity[]): boolean {
  return entities.length === 0 && /^(?:\p{RGI_Emoji}){1,3}$/v.test(text);
}

const blocks: ReadonlySet<string> = new Set(["pre", "blockquote", "expandable_blockquote"]);

const tags = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
} as const;

function element(node: TextNode, actions: TextActions): Node {
  if (node.kind === "text") return document.createTextNode(node.text);
  const { entity, text } = node;
  const children = node.children.map((child) => element(child, actions));
  const tag = tags[entity.type as keyof typeof tags];
  if (tag) return h(tag, {}, ...children);
  switch (entity.type) {
    case "pre":
      return codeBlock(text, entity.language, children);
    case "blockquote":
      return h("blockquote", {}, ...children);
    case "expandable_blockquote":
      return expandable(children);
    case "spoiler":
      return spoiler(children);
    case "text_link":
      return link(entity.url ?? "", children);
    case "url":
      return link(/^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `http://${text}`, children);
    case "email":
      return link(`mailto:${text}`, children);
    case "bot_command":
      return h(
        "button",
        { class: "inline-link", attrs: { type: "button" }, on: { click: () => actions.onCommand(text) } },
        ...children,
      );
    case "mention":
    case "text_mention":
    case "hashtag":
    case "cashtag":
      return h("span", { class: "inline-link" }, ...children);
    default:
      return h("span", {}, ...children);
  }
}

/** Only addresses of the web: a script's address must not become a link. */
function link(url: string, children: readonly Node[]): Node {
  if (!/^(https?|mailto|tel|tg):/i.test(url)) return h("span", {}, ...children);
  return h("a", { attrs: { href: url, target: "_blank", rel: "noreferrer noopener", title: url } }, ...children);
}

function codeBlock(text: string, language: string | undefined, children: readonly Node[]): Node {
  const copy = iconButton("copy", "Copy code", () => void copyText(text));
  return h(
    "span",
    { class: "code-block" },
    h("span", { class: "code-head" }, h("span", {}, language ?? ""), copy),
    h("code", { attrs: { tabindex: 0 } }, ...children),
  );
}

function expandable(children: readonly Node[]): Node {
  const body = h("span", { class: "quote-body" }, ...children);
  const toggle = h(
    "button",
    { class: "quote-toggle", attrs: { type: "button", "aria-expanded": "false" } },
    "Show more",
  );
  const quote = h("blockquote", { class: "collapsed" }, body, toggle);
  toggle.addEventListener("click", () => {
    const collapsed = quote.classList.toggle("collapsed");
    toggle.setAttribute("aria-expanded", String(!collapsed));
    toggle.textContent = collapsed ? "Show more" : "Show less";
  });
  return quote;
}

function spoiler(children: readonly Node[]): Node {
  const hidden = h(
    "span",
    { class: "spoiler", attrs: { tabindex: 0, role: "button", "aria-label": "Hidden text, press to show" } },
    ...children,
  );
  const reveal = (): void => {
    hidden.classList.add("shown");
    hidden.removeAttribute("role");
    hidden.removeAttribute("aria-label");
  };
  hidden.addEventListener("click", reveal);
  hidden.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      reveal();
    }
  });
  return hidden;
}
