/** Makes the model of an endpoint with the library that speaks its protocol. */
import type { LanguageModel } from "ai";
import type { Concession } from "./concessions.ts";
import type { Endpoint } from "./endpoint.ts";

// The library would write to the console what a provider cannot do; what matters of that is handled as a concession.
globalThis.AI_SDK_LOG_WARNINGS = false;

export type LoadedModel = Exclude<LanguageModel, string>;

export interface ModelOptions {
  readonly model: string;
  readonly fetch: typeof fetch;
  readonly without: ReadonlySet<Concession>;
}

export async function modelOf(endpoint: Endpoint, options: ModelOptions): Promise<LoadedModel> {
  return endpoint.protocol === "openai" ? openai(endpoint, options) : anthropic(endpoint, options);
}

async function openai(endpoint: Endpoint, { model, fetch, without }: ModelOptions): Promise<LoadedModel> {
  const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
  return createOpenAICompatible({
    name: "openai",
    baseURL: endpoint.baseUrl,
    headers: { ...endpoint.headers },
    includeUsage: true,
    supportsStructuredOutputs: !without.has("schema"),
    fetch,
    ...(endpoint.apiKey !== undefined && { apiKey: endpoint.apiKey }),
    // OpenAI's newer models know the limit only by its new name, everybody else only by the old one.
    ...(without.has("max-tokens") && {
      transformRequestBody: ({ max_tokens, ...rest }) => ({ ...rest, max_completion_tokens: max_tokens }),
    }),
  })(model);
}

async function anthropic(endpoint: Endpoint, { model, fetch }: ModelOptions): Promise<LoadedModel> {
  const { createAnthropic } = await import("@ai-sdk/anthropic");
  const withoutKey: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.delete("x-api-key");
    for (const [name, value] of Object.entries(endpoint.headers)) headers.set(name, value);
    return fetch(input, { ...init, headers });
  };
  // Everything is passed explicitly: what is missing the library would take from the environment.
  return createAnthropic({
    baseURL: endpoint.baseUrl,
    apiKey: endpoint.apiKey ?? "none",
    headers: { ...endpoint.headers },
    fetch: endpoint.apiKey === undefined ? withoutKey : fetch,
  })(model);
}
