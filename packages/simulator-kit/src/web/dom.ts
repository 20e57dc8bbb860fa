/** Making elements. */

type Props<Tag extends keyof HTMLElementTagNameMap> = {
  readonly class?: string;
  /** Attributes whose value is `undefined` or `false` are left out; `true` makes an empty one. */
  readonly attrs?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly on?: { readonly [Event in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Event]) => void };
  readonly props?: Partial<HTMLElementTagNameMap[Tag]>;
};

export type Child = Node | string | undefined | false;

export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  { class: className, attrs = {}, on = {}, props = {} }: Props<Tag> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  for (const [name, value] of Object.entries(attrs)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener as EventListener);
  Object.assign(element, props);
  element.append(...present(children));
  return element;
}

export function present(children: readonly Child[]): (Node | string)[] {
  return children.filter((child): child is Node | string => child !== undefined && child !== false);
}

/** A button that is only a picture; `label` is for who does not see it. */
export function iconButton(icon: IconName, label: string, onClick: () => void, className = ""): HTMLButtonElement {
  return h(
    "button",
    {
      class: `icon ${className}`,
      attrs: { type: "button", "aria-label": label, title: label },
      on: { click: onClick },
    },
    iconOf(icon),
  );
}

const paths = {
  back: "M15 5l-7 7 7 7",
  menu: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  send: "M4 12l16-8-5 16-3.5-6.5L4 12zm7.5 1.5L20 4",
  check: "M5 13l4.5 4.5L19 7",
  attach: "M19 11.5l-7.2 7.2a4.6 4.6 0 01-6.5-6.5l7.6-7.6a3 3 0 014.3 4.3L9.6 16.5a1.5 1.5 0 01-2.1-2.1l6.6-6.6",
  smile: "M12 21a9 9 0 110-18 9 9 0 010 18zM8.5 14.5a4.5 4.5 0 007 0M9 9.5v.01M15 9.5v.01",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9l6 6 6-6",
  plus: "M12 5v14M5 12h14",
  reply: "M10 6l-6 6 6 6M4 12h9a7 7 0 017 7",
  edit: "M5 19l1-4L16 5l3 3L9 18l-4 1z",
  copy: "M9 9h10v11H9zM5 15V4h10",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  link: "M7 17L17 7M9 7h8v8",
  bot: "M6 9h12v10H6zM12 9V5M9.5 13.5v.01M14.5 13.5v.01M3 13v2M21 13v2",
  keyboard: "M3 7h18v10H3zM7 11v.01M12 11v.01M17 11v.01M8 14h8",
} as const;

export type IconName = keyof typeof paths;

export function iconOf(name: IconName): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", paths[name]);
  svg.append(path);
  return svg;
}

export function timeOf(at: number): string {
  return new Date(at).toLocaleTimeString([], { timeStyle: "short" });
}

/** "Today", "Yesterday" or the date. */
export function dayOf(at: number): string {
  const days = Math.round((midnight(Date.now()) - midnight(at)) / 86_400_000);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return new Date(at).toLocaleDateString([], { day: "numeric", month: "long", year: "numeric" });
}

function midnight(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

export function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

const hues = [4, 28, 265, 100, 190, 215, 330];

/** A round picture with initials, in a colour of its own. */
export function avatar(name: string, seed: string): HTMLElement {
  const initials = [...name.matchAll(/(?:^|\s)(\S)/gu)].map(([, letter = ""]) => letter.toUpperCase());
  const picture = h(
    "span",
    { class: "avatar", attrs: { "aria-hidden": "true" } },
    initials.slice(0, 2).join("") || "?",
  );
  picture.style.setProperty("--hue", String(hueOf(seed)));
  return picture;
}

export function hueOf(seed: string): number {
  let hash = 0;
  for (const letter of seed) hash = (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) | 0;
  // Neighbouring numbers get colours far apart.
  return hues[(Math.imul(hash, 2_654_435_761) >>> 8) % hues.length] ?? 215;
}
