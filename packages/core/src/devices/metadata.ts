/**
 * A device's platform and family are pinned when it is approved (DEV-3): a key that turns up on another kind of machine
 * has to be approved again. A newer version of the same system is no other machine.
 */
import type { DeviceClaims } from "./records.ts";

const ALIASES: Readonly<Record<string, string>> = { darwin: "macos", win32: "windows", "mac os": "macos" };

type Metadata = Pick<DeviceClaims, "platform" | "deviceFamily">;

/** Whether what a device says now fits what was pinned; what was not told then is not pinned. */
export function fitsPinned(pinned: Metadata, now: Metadata): boolean {
  return (
    same(systemOf(pinned.platform), systemOf(now.platform)) && same(plain(pinned.deviceFamily), plain(now.deviceFamily))
  );
}

/** The operating system's name without its version, lower case. */
export function systemOf(platform: string | undefined): string {
  const words = plain(platform).split(/\s+/);
  const name = words.filter((word) => !/^[\d.]+$/.test(word)).join(" ");
  return ALIASES[name] ?? name;
}

function same(pinned: string, now: string): boolean {
  return pinned === "" || pinned === now;
}

function plain(text: string | undefined): string {
  return (text ?? "").trim().toLowerCase();
}
