/** What a run cost, by the prices in the configuration. */
import type { Config } from "@switchboard/protocol";
import type { Usage } from "../ports/index.ts";

export type Prices = Config["usage"]["prices"];

/**
 * Billionths of the currency. `undefined` when the model has no price, or when the provider did not tell what was used:
 * an unknown cost is no cost of zero. Prices are for a million tokens; `provider/model` goes before `model`.
 */
export function costNanos(usage: Usage | undefined, prices: Prices): number | undefined {
  const { cachedTokens = 0, inputTokens, model, outputTokens, provider } = usage ?? {};
  if (model === undefined || (inputTokens === undefined && outputTokens === undefined)) return undefined;
  const price = priceOf(`${provider}/${model}`, prices) ?? priceOf(model, prices);
  if (!price) return undefined;
  const cached = Math.min(cachedTokens, inputTokens ?? 0);
  const millionths =
    ((inputTokens ?? 0) - cached) * price.input +
    cached * (price.cached ?? price.input) +
    (outputTokens ?? 0) * price.output;
  return Math.round(millionths * 1_000);
}

function priceOf(name: string, prices: Prices): Prices[string] | undefined {
  return Object.hasOwn(prices, name) ? prices[name] : undefined;
}

export function usedTokens({ inputTokens = 0, outputTokens = 0 }: Usage = {}): boolean {
  return inputTokens + outputTokens > 0;
}
