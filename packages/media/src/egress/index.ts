/** Fetches addresses that somebody else chose. */

export { allowList } from "./allow-list.ts";
export {
  createEgress,
  type Egress,
  type EgressLimits,
  type EgressOptions,
  type Fetched,
  type PostAnswer,
  type PostRequest,
} from "./egress.ts";
