/** Turns text with flat entities into a tree, for everybody who shows it. Pure, also runs in the browser. */

/** The part of Telegram's entity that matters for showing it. */
export interface ShownEntity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
  readonly language?: string;
}

export type TextNode =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "entity";
      readonly entity: ShownEntity;
      readonly text: string;
      readonly children: readonly TextNode[];
    };

/** The text as nodes in order. An entity that crosses another's border is cut off there. */
export function nest(text: string, entities: readonly ShownEntity[]): readonly TextNode[] {
  const ordered = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return nestRange(text, 0, text.length, ordered);
}

function nestRange(text: string, from: number, to: number, entities: readonly ShownEntity[]): readonly TextNode[] {
  const nodes: TextNode[] = [];
  let at = from;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    index += 1;
    if (!entity || entity.offset < at) continue;
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset >= end) continue;
    if (entity.offset > at) nodes.push({ kind: "text", text: text.slice(at, entity.offset) });
    const inner: ShownEntity[] = [];
    for (let next = entities[index]; next && next.offset < end; next = entities[index]) {
      inner.push(next);
      index += 1;
    }
    nodes.push({
      kind: "entity",
      entity,
      text: text.slice(entity.offset, end),
      children: nestRange(text, entity.offset, end, inner),
    });
    at = end;
  }
  if (at < to) nodes.push({ kind: "text", text: text.slice(at, to) });
  return nodes;
}
