/** What a node offers, and how it stands to what an operator approved. Pure. */
import type { NodeSurface } from "../devices/records.ts";

/** What a node may offer; more than this is left out. */
const MOST_CAPS = 64;
const MOST_COMMANDS = 256;
const MOST_PERMISSIONS = 64;
/** Names that can be shown, compared and typed: no white space, nothing invisible, at most 128 characters. */
const NAME = /^[A-Za-z][\w.:-]{0,127}$/;

export const NOTHING: NodeSurface = { caps: [], commands: [], permissions: {} };

/** A node's own words, brought into form: known characters, no doubles, sorted, within the limits. */
export function declaredSurface(said: {
  readonly caps?: readonly string[] | undefined;
  readonly commands?: readonly string[] | undefined;
  readonly permissions?: Readonly<Record<string, boolean>> | undefined;
}): NodeSurface {
  const permissions = Object.entries(said.permissions ?? {})
    .filter(([name]) => NAME.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, MOST_PERMISSIONS);
  return {
    caps: names(said.caps, MOST_CAPS),
    commands: names(said.commands, MOST_COMMANDS),
    permissions: Object.fromEntries(permissions),
  };
}

export function sameSurface(a: NodeSurface, b: NodeSurface): boolean {
  return textOf(a) === textOf(b);
}

function textOf({ caps, commands, permissions }: NodeSurface): string {
  return JSON.stringify([caps, commands, permissions]);
}

/** Whether all that is declared was approved. To offer less, or to permit less, takes no approval. */
export function covers(approved: NodeSurface, declared: NodeSurface): boolean {
  return (
    declared.caps.every((cap) => approved.caps.includes(cap)) &&
    declared.commands.every((command) => approved.commands.includes(command)) &&
    Object.entries(declared.permissions).every(([name, given]) => !given || isGiven(approved, name))
  );
}

/** What of the declared was approved. */
export function inCommon(declared: NodeSurface, approved: NodeSurface | undefined): NodeSurface {
  if (!approved) return NOTHING;
  return {
    caps: declared.caps.filter((cap) => approved.caps.includes(cap)),
    commands: declared.commands.filter((command) => approved.commands.includes(command)),
    permissions: Object.fromEntries(
      Object.entries(declared.permissions).map(([name, given]) => [name, given && isGiven(approved, name)]),
    ),
  };
}

function isGiven({ permissions }: NodeSurface, name: string): boolean {
  return Object.hasOwn(permissions, name) && permissions[name] === true;
}

function names(said: readonly string[] = [], most: number): string[] {
  return [...new Set(said)]
    .filter((name) => NAME.test(name))
    .sort()
    .slice(0, most);
}
