import type { Attack } from "./attack.ts";
import { floods, halfOpened, oddHttp, slowSenders } from "./crowds.ts";
import { deafReaders, junkAfterConnect, requestsOfNodes, requestsOfOperators } from "./insiders.ts";
import {
  brokenFrames,
  falseConnects,
  junkBeforeConnect,
  misplacedTokens,
  requestsBeforeConnect,
  stolenProofs,
} from "./strangers.ts";

export type { Attack } from "./attack.ts";

export const ATTACKS: readonly Attack[] = [
  junkBeforeConnect,
  requestsBeforeConnect,
  brokenFrames,
  falseConnects,
  misplacedTokens,
  stolenProofs,
  requestsOfOperators,
  requestsOfNodes,
  junkAfterConnect,
  deafReaders,
  floods,
  halfOpened,
  slowSenders,
  oddHttp,
];
