/** What several processes may do to a store, at random. Numbers choose among what is there. */
import fc from "fast-check";

const lane = fc.nat(2);
const owner = fc.constantFrom("process-1", "process-2", "process-3");
const kind = fc.constantFrom("inbox", "turn", "delivery");
const index = fc.nat(30);

export const step = fc.oneof(
  {
    weight: 16,
    arbitrary: fc.record({
      do: fc.constant("receive"),
      lanes: fc.array(lane, { minLength: 1, maxLength: 3 }),
      owner: fc.option(owner),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("resend"), index, owner: fc.option(owner) }) },
  {
    weight: 16,
    arbitrary: fc.record({ do: fc.constant("claim"), kind, owner, limit: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 32,
    arbitrary: fc.record({
      do: fc.constant("settle"),
      index,
      how: fc.constantFrom("done", "done", "again", "dead", "unknown"),
      makes: fc.constantFrom("turn", "turn", "joined", "deliveries", "nothing"),
      lane,
      claims: fc.boolean(),
      keeps: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("give-back"), index }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("schedule"), lane, ms: fc.integer({ min: 1, max: 5_000 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("cancel"), index }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("replay"), index }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("break"), except: fc.option(owner) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("wait"), ms: fc.integer({ min: 1, max: 3_000 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("tick") }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("look") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("reopen") }) },
);

export type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
