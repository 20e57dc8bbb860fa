/** Words and anchors that the parts of the page share. */
import type { MethodEntry } from "../catalogue.ts";
import { code } from "../markdown.ts";

export function scopeOf({ scope, orScope }: MethodEntry): string {
  const either = [scope, orScope].filter((each) => typeof each === "string");
  return either.length === 0 ? "none" : either.map(code).join(" or ");
}

export function roleWords(role: string): string {
  return role === "any" ? "any" : code(role);
}

export function audienceWords(scope: string | null): string {
  if (scope === null) return "everyone";
  if (scope === "node") return "the node it is meant for";
  return scope === "handshake" ? "whoever just connected" : `operators with ${code(scope)}`;
}

export function methodAnchor(name: string): string {
  return `method-${name}`;
}

export function eventAnchor(name: string): string {
  return `event-${name}`;
}

export function seconds(milliseconds: number): string {
  return milliseconds % 60_000 === 0 ? `${milliseconds / 60_000} min` : `${milliseconds / 1000} s`;
}

export function firstSentence(text: string): string {
  return /^.*?[.?!](?=\s|$)/.exec(text)?.[0] ?? text;
}
