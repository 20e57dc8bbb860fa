/** Names of types, made of the protocol's own words. */

/** `chat.send` → `ChatSend`, `system-presence` → `SystemPresence`, `in_flight` → `InFlight`. */
export function typeName(words: string): string {
  return words
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "")
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join("");
}

/** What one element of a list with this name is called. */
export function singular(name: string): string {
  if (/ies$/.test(name)) return name.replace(/ies$/, "y");
  if (/(ss|us|is)$/.test(name)) return name;
  return name.replace(/s$/, "");
}
