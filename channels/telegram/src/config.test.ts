import { readFileSync } from "node:fs";
import { completed, problemsOf } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { TelegramConfig } from "./config.ts";
import channel from "./index.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

describe("OPS-1 the settings", () => {
  it("need a token only", () => {
    expect(completed(TelegramConfig, { token: "1:a" }, "config")).toMatchObject({
      baseUrl: "https://api.telegram.org",
      transport: "auto",
      pollTimeoutSeconds: 30,
    });
    expect(problemsOf(TelegramConfig, completed(TelegramConfig, { token: "1:a" }, "config"))).toEqual([]);
  });

  it.each([
    ["no token", {}],
    ["an empty token", { token: "" }],
    ["a base URL that is none", { token: "1:a", baseUrl: "api.telegram.org" }],
    ["an unknown transport", { token: "1:a", transport: "pigeon" }],
    ["an unknown setting", { token: "1:a", tokn: "x" }],
  ])("CFG_001 %s is refused, and the message does not repeat the value", (_name, config) => {
    const check = () => completed(TelegramConfig, config, "config");
    expect(check).toThrow(expect.objectContaining({ code: "CFG_001" }));
    expect(check).not.toThrow(/1:a/);
  });

  it("names secrets and variables that exist", () => {
    const names = Object.keys(TelegramConfig.properties);
    expect(names).toEqual(expect.arrayContaining([...channel.config.secrets, ...Object.values(channel.config.env)]));
    expect(channel.config).toMatchObject({ secrets: ["token"], env: { TELEGRAM_BOT_TOKEN: "token" } });
  });

  it.each(Object.keys(TelegramConfig.properties))("explains %s in the README", (name) => {
    expect(readme).toMatch(new RegExp(`^\\| \`${name}\`\\s+\\|`, "m"));
  });

  it("asks for no update kind twice, and for every kind that is read", () => {
    const kinds = completed(TelegramConfig, { token: "1:a" }, "config").allowedUpdates;
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(kinds).toEqual(expect.arrayContaining(["message", "callback_query", "my_chat_member", "message_reaction"]));
  });
});
