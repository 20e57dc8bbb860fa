import { describe, expect, it } from "vitest";
import { HIDDEN, redactSecrets, restoreSecrets } from "./redact.ts";

const secretsOf = (channel: string) => (channel === "known" ? ["token", "pin"] : undefined);

const file = {
  gateway: { auth: { token: "clear-token" }, port: 80 },
  agents: [
    { id: "a", apiKey: "key-a", baseUrl: "https://me:pass@models.example/v1", headers: { "x-any": "in-header" } },
    { id: "b", apiKey: { env: "KEY" }, baseUrl: "https://models.example/v1?key=query" },
  ],
  channels: {
    known: { default: { config: { token: "clear", pin: 1234, name: "shown" }, settings: { allowFrom: ["7"] } } },
    unknown: { default: { config: { anything: "clear", nested: { deep: ["clear"] }, count: 3 } } },
  },
};

describe("what is shown of a configuration", () => {
  it("CRED-3 GHSA-cwj3-vqpp-pmxr hides what is declared, what is named so, and everything of a channel nobody knows", () => {
    const shown = JSON.stringify(redactSecrets(file, secretsOf));
    for (const secret of ["clear", "key-a", "pass", "query", "in-header", "1234"]) {
      expect(shown).not.toMatch(new RegExp(`[":/=]${secret}`));
    }
    expect(redactSecrets(file, secretsOf)).toMatchObject({
      gateway: { auth: { token: HIDDEN }, port: 80 },
      agents: [{ id: "a" }, { apiKey: { env: "KEY" } }],
      channels: {
        known: { default: { config: { name: "shown" }, settings: { allowFrom: ["7"] } } },
        unknown: { default: { config: { nested: { deep: [HIDDEN] }, count: 3 } } },
      },
    });
  });

  it("CRED-3 what was shown and is written back unchanged is what it was", () => {
    expect(restoreSecrets(redactSecrets(file, secretsOf), file, {})).toEqual(file);
  });

  it("CRED-3 a secret stays with its agent when the list is in another order", () => {
    const { agents } = redactSecrets(file, secretsOf) as typeof file;
    const turned = restoreSecrets({ agents: agents.toReversed() }, file, {});
    expect(turned).toEqual({ agents: file.agents.toReversed() });
  });

  it("CRED-3 a value of the environment does not move into the file", () => {
    const inForce = { gateway: { auth: { token: "of-the-environment" } } };
    expect(restoreSecrets({ gateway: { auth: { token: HIDDEN } } }, {}, inForce)).toEqual({ gateway: { auth: {} } });
  });

  it("CRED-3 a placeholder that hides nothing is refused, whoever's it is", () => {
    for (const placeholder of [HIDDEN, "__OPENCLAW_REDACTED__"]) {
      const next = { agents: [{ id: "new", apiKey: placeholder }] };
      expect(() => restoreSecrets(next, file, file)).toThrow(expect.objectContaining({ code: "REQ_001" }));
    }
  });
});
