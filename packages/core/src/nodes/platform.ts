/**
 * Which kind of machine a node is, for the question which of its approved commands are usual there. It comes from what
 * was pinned when the device was approved, and it only ever narrows: no claim gives a right (CVE-2026-41299).
 */
export type NodePlatform = "ios" | "android" | "macos" | "windows" | "linux" | "watchos" | "unknown";

type Known = Exclude<NodePlatform, "unknown">;

const SYSTEMS: readonly (readonly [RegExp, Known])[] = [
  [/^(ios|ipados)\b/, "ios"],
  [/^android\b/, "android"],
  [/^(macos|mac os|darwin)\b/, "macos"],
  [/^(windows|win32)\b/, "windows"],
  [/^linux\b/, "linux"],
  [/^watchos\b/, "watchos"],
];

const FAMILIES: readonly (readonly [RegExp, Known])[] = [
  [/^(iphone|ipad|ipod|ios)\b/, "ios"],
  [/^android\b/, "android"],
  [/^mac/, "macos"],
  [/^(windows|win32)\b/, "windows"],
  [/^linux\b/, "linux"],
  [/^((apple )?watch|watchos)\b/, "watchos"],
];

/** `unknown` when the two do not fit together, or one of them is not known. */
export function platformOf(said: {
  readonly platform?: string | undefined;
  readonly deviceFamily?: string | undefined;
}): NodePlatform {
  const system = find(SYSTEMS, said.platform);
  if (system === undefined) return "unknown";
  if ((said.deviceFamily ?? "").trim() === "") return system;
  return find(FAMILIES, said.deviceFamily) === system ? system : "unknown";
}

function find(known: typeof SYSTEMS, text: string | undefined): Known | undefined {
  const plain = (text ?? "").trim().toLowerCase();
  return known.find(([pattern]) => pattern.test(plain))?.[1];
}
