/** Formatted text as elements. */
import type { RichElement, RichNode } from "../shared/rich.ts";
import { h, iconButton } from "./dom.ts";
import { copyText } from "./notices.ts";

/** What pressing a command in the text does. */
export interface TextActions {
  readonly onCommand: (command: string) => void;
}

export function richText(nodes: readonly RichNode[], actions: TextActions): DocumentFragment {
  const fragment = document.createDocumentFragment();
  let afterBlock = false;
  for (const node of nodes) {
    // A block ends its line by itself; the line break behind it would make an empty one.
    const shown = afterBlock && typeof node === "string" ? node.replace(/^\n/, "") : node;
    fragment.append(element(shown, actions));
    afterBlock = typeof node !== "string" && blocks.has(node.is);
  }
  return fragment;
}

/** Whether a text is nothing but a few emoji, which are then shown large. */
export function isBigEmoji(text: string, rich: readonly RichNode[] = []): boolean {
  return rich.every((node) => typeof node === "string") && /^(?:\p{RGI_Emoji}){1,3}$/v.test(text);
}

const blocks: ReadonlySet<string> = new Set([
  "pre",
  "quote",
  "folded",
  "heading",
  "list",
  "numbered",
  "table",
  "paragraph",
  "rule",
]);

const tags = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strike: "s",
  code: "code",
  quote: "blockquote",
  heading: "h3",
  list: "ul",
  numbered: "ol",
  item: "li",
  table: "table",
  row: "tr",
  cell: "td",
  small: "small",
  paragraph: "p",
  rule: "hr",
} as const;

function element(node: RichNode, actions: TextActions): Node {
  if (typeof node === "string") return document.createTextNode(node);
  const children = (node.children ?? []).map((child) => element(child, actions));
  switch (node.is) {
    case "pre":
      return codeBlock(node, children);
    case "folded":
      return folded(children);
    case "spoiler":
      return spoiler(children);
    case "link":
      return link(node.url ?? "", children);
    case "command":
      return h(
        "button",
        {
          class: "inline-link",
          attrs: { type: "button" },
          on: { click: () => actions.onCommand(node.says ?? plain(node)) },
        },
        ...children,
      );
    case "mention":
      return h("span", { class: "inline-link" }, ...children);
    default:
      return h(tags[node.is], {}, ...children);
  }
}

function plain(node: RichNode): string {
  return typeof node === "string" ? node : (node.children ?? []).map(plain).join("");
}

/** Only addresses of the web, of mail and telephones: a script's address must not become a link. */
function link(url: string, children: readonly Node[]): Node {
  if (!/^(https?|mailto|tel|sms):/i.test(url)) return h("span", { class: "inline-link" }, ...children);
  return h("a", { attrs: { href: url, target: "_blank", rel: "noreferrer noopener", title: url } }, ...children);
}

function codeBlock(node: RichElement, children: readonly Node[]): Node {
  const copy = iconButton("copy", "Copy code", () => void copyText(plain(node)));
  return h(
    "span",
    { class: "code-block" },
    h("span", { class: "code-head" }, h("span", {}, node.language ?? ""), copy),
    h("code", { attrs: { tabindex: 0 } }, ...children),
  );
}

function folded(children: readonly Node[]): Node {
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
