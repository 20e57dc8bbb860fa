/** No secret in anything that was thrown or logged while the other tests ran (CRED-3). Registered last. */
import { expect } from "vitest";
import type { Suite } from "./suite.ts";

export function keepsSecrets({ said, secrets, test }: Suite): void {
  test("CRED-3 no error and no log line held a secret", () => {
    expect(secrets.size, "secrets to look for").toBeGreaterThan(0);
    expect(said.length, "errors and log lines to look into").toBeGreaterThan(10);
    const forms = [...secrets].flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString("base64"),
    ]);
    const held = said.filter((text) => forms.some((form) => text.includes(form)));
    // Not the texts themselves: they would show the secret again.
    expect(held.map((text) => `${text.length} characters`)).toEqual([]);
  });
}
