/**
 * Showing something anew without throwing away what is there: an element that goes away between press and release takes
 * the click with it, and messages come at any time.
 */

/** Makes the list show exactly these elements. One whose `data-key` is there already stays, and takes the new one's looks. */
export function showKept(list: HTMLElement, fresh: readonly HTMLElement[]): void {
  const kept = new Map<string | undefined, HTMLElement>();
  for (const child of list.children) if (child instanceof HTMLElement) kept.set(child.dataset.key, child);
  const nodes = fresh.map((item) => {
    const known = kept.get(item.dataset.key);
    if (known) become(known, item);
    return known ?? item;
  });
  reconcile(list, nodes);
}

/** Makes the list show exactly these nodes and moves only what has to move, so that focus and playing media stay. */
export function reconcile(list: HTMLElement, nodes: readonly Node[]): void {
  const wanted = new Set(nodes);
  for (const child of [...list.childNodes]) if (!wanted.has(child)) child.remove();
  let at = list.firstChild;
  for (const node of nodes) {
    if (node === at) at = at.nextSibling;
    else list.insertBefore(node, at);
  }
}

/** Attributes and content of the one become the other's; listeners stay. */
function become(known: Element, fresh: Element): void {
  if (known.isEqualNode(fresh)) return;
  for (const { name } of [...known.attributes]) if (!fresh.hasAttribute(name)) known.removeAttribute(name);
  for (const { name, value } of fresh.attributes)
    if (known.getAttribute(name) !== value) known.setAttribute(name, value);
  const [before, after] = [[...known.childNodes], [...fresh.childNodes]];
  const isAlike = before.length === after.length && before.every((node, at) => node.nodeName === after[at]?.nodeName);
  if (!isAlike) {
    known.replaceChildren(...after);
    return;
  }
  for (const [at, node] of before.entries()) {
    const next = after[at];
    if (node instanceof Element && next instanceof Element) become(node, next);
    else if (next && node.nodeValue !== next.nodeValue) node.nodeValue = next.nodeValue;
  }
}
