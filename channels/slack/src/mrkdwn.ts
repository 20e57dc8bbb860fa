/** Slack's own markup as a person reads it: escapes, names, links. What was typed stays as it was typed. */

const entities: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

export function plainEscapes(text: string): string {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => entities[entity] ?? entity);
}

export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** `<@U1>`, `<#C1|name>`, `<!here>`, `<https://…|label>` in words. `names` are those of people, by id. */
export function plainMrkdwn(text: string, names: Readonly<Record<string, string>> = {}): string {
  return plainEscapes(text.replace(/<([^<>\n]*)>/g, (_whole, inner: string) => readable(inner, names)));
}

function readable(inner: string, names: Readonly<Record<string, string>>): string {
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? "" : inner.slice(bar + 1);
  switch (target[0]) {
    case "@":
      return `@${names[target.slice(1)] ?? (label || target.slice(1))}`;
    case "#":
      return `#${label || target.slice(1)}`;
    case "!": {
      if (label) return label;
      const [name = ""] = target.slice(1).split("^");
      return `@${name}`;
    }
    default: {
      const address = target.replace(/^mailto:/, "");
      return label && label !== address && label !== target ? `${label} (${target})` : address;
    }
  }
}

/** Everybody and everything that a text mentions. */
export interface Mentioned {
  readonly users: readonly string[];
  readonly channels: readonly string[];
  readonly groups: readonly string[];
  readonly everyone: boolean;
}

export function mentionedIn(text: string): Mentioned {
  const all = [...text.matchAll(/<([@#!])([^<>|\n^]+)(?:\^([^<>|\n]+))?(?:\|[^<>\n]*)?>/g)];
  const of = (mark: string) => all.filter(([, each]) => each === mark);
  const special = of("!").map(([, , name = "", id]) => ({ name, id }));
  return {
    users: of("@").map(([, , id = ""]) => id),
    channels: of("#").map(([, , id = ""]) => id),
    groups: special.flatMap(({ id, name }) => (name === "subteam" && id !== undefined ? [id] : [])),
    everyone: special.some(({ name }) => ["here", "channel", "everyone"].includes(name)),
  };
}
