/** The part of the configuration about what models cost. */
import { Type } from "@switchboard/domain/schema";
import { strict } from "./section.ts";

export const UsageConfig = Type.Object(
  {
    currency: Type.String({
      pattern: "^[A-Z]{3}$",
      default: "USD",
      description: "What the prices are in. Change it together with them: records keep the amounts only.",
    }),
    prices: Type.Record(
      Type.String(),
      Type.Object(
        {
          input: Type.Number({ minimum: 0 }),
          output: Type.Number({ minimum: 0 }),
          cached: Type.Optional(
            Type.Number({
              minimum: 0,
              description: "Input tokens that the provider had kept; default as other input.",
            }),
          ),
        },
        strict,
      ),
      {
        default: {},
        description:
          "What a million tokens cost, by model, or by `openai/<model>` and `anthropic/<model>`. A model without a price has no cost, and reports say so.",
      },
    ),
  },
  { ...strict, default: {} },
);
