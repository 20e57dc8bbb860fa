import { describe, expect, it } from "vitest";
import { agentsFromEnvironment, modelsOfNobody } from "./agents-from-environment.ts";

describe("agents from the environment", () => {
  it("OPS-1 makes none without variables, and none of a model's name alone", () => {
    expect(agentsFromEnvironment({})).toEqual([]);
    expect(agentsFromEnvironment({ OPENAI_MODEL: "m", ANTHROPIC_API_KEY: " ", PATH: "/bin" })).toEqual([]);
  });

  it("OPS-1 tells of a model's name alone, so that one can warn", () => {
    expect(modelsOfNobody({ OPENAI_MODEL: "m", ANTHROPIC_MODEL: "n", ANTHROPIC_API_KEY: "k" })).toEqual([
      "OPENAI_MODEL",
    ]);
    expect(modelsOfNobody({ OPENAI_MODEL: "m", OPENAI_BASE_URL: "http://127.0.0.1:1/v1" })).toEqual([]);
    expect(modelsOfNobody({ OPENAI_MODEL: " ", OPENAI_API_KEY: "k" })).toEqual([]);
  });

  it("OPS-1 makes `main` of the first provider and keeps keys as references", () => {
    const [agent, ...others] = agentsFromEnvironment({ OPENAI_API_KEY: "sk-secret", OPENAI_MODEL: "gpt-x" });
    expect(others).toEqual([]);
    expect(agent).toMatchObject({
      id: "main",
      runtime: "openai",
      model: "gpt-x",
      apiKey: { env: "OPENAI_API_KEY" },
      contextTokens: 32_000,
      tools: true,
    });
    expect(JSON.stringify(agent)).not.toContain("sk-secret");
  });

  it("OPS-1 takes a server of one's own without a key", () => {
    const [agent] = agentsFromEnvironment({ OPENAI_BASE_URL: "http://127.0.0.1:11434/v1", OPENAI_MODEL: "llama" });
    expect(agent).toMatchObject({ id: "main", baseUrl: "http://127.0.0.1:11434/v1" });
    expect(agent).not.toHaveProperty("apiKey");
  });

  it("OPS-1 makes the second provider an agent of its own", () => {
    const both = agentsFromEnvironment({ OPENAI_API_KEY: "a", ANTHROPIC_API_KEY: "b", ANTHROPIC_MODEL: "c" });
    expect(both.map(({ id, runtime }) => [id, runtime])).toEqual([
      ["main", "openai"],
      ["anthropic", "anthropic"],
    ]);
    const [only] = agentsFromEnvironment({ ANTHROPIC_API_KEY: "b" });
    expect(only).toMatchObject({ id: "main", runtime: "anthropic" });
  });

  it("OPS-1 says when an address is none", () => {
    expect(() => agentsFromEnvironment({ OPENAI_BASE_URL: "not an address" })).toThrow(
      /invalid OPENAI_\* variables: baseUrl/,
    );
  });
});
