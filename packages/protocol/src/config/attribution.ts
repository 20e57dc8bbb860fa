/** How calls of a model say whose they are. */
import { Type } from "@switchboard/domain/schema";

export const Attribution = Type.Object(
  {
    headers: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'Headers of each model call, e.g. {"x-litellm-end-user-id": "{tenant}"}.',
      }),
    ),
    body: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String(), Type.Record(Type.String(), Type.String())]), {
        description: 'Fields of its body, e.g. {"user": "{peer}", "metadata": {"tenant": "{tenant}"}}.',
      }),
    ),
  },
  {
    additionalProperties: false,
    description:
      "Says with each call of an `openai` or `anthropic` model whose it is. {tenant}, {channel}, {account}, {agent}, {session}, {turn} are ids, {peer} is a hash of who wrote. What needs a field that a turn has not is left out.",
  },
);
