/** Tokens that end and are renewed. */
import { randomBytes } from "node:crypto";
import type { World } from "./world.ts";

/** How long a token lasts, in seconds: twelve hours, as at Slack. */
const SECONDS = 43_200;

/** The app's tokens are exchanged for new ones. */
export function rotateTokens({ app, journal }: World, seconds = SECONDS): { readonly seconds: number } {
  app.botToken = `xoxe.xoxb-1-${randomBytes(24).toString("hex")}`;
  app.refreshToken = `xoxe-1-${randomBytes(24).toString("hex")}`;
  app.expiresAt = Date.now() + seconds * 1000;
  journal.put("app", "self", () => app);
  return { seconds };
}

/** Whether the app's tokens end: in one workspace as in all. */
export function isRotating({ app, home }: World): boolean {
  return (home ?? { app }).app.refreshToken !== undefined;
}

/** The bot's token ends now. */
export function expireToken({ app, journal }: World): void {
  app.expiresAt = Date.now();
  journal.put("app", "self", () => app);
}
