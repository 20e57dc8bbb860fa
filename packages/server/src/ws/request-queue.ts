/**
 * Between reading a request and beginning it. Begins at once while there is room in this turn of the event loop, so
 * that a burst of requests cannot keep everything else from running; what does not fit is refused, not piled up.
 *
 * All callers share the room, and none can take it from the others: waiting requests begin one of each caller in turn,
 * and when there is no room left, the newest of whoever has most makes way for whoever has less.
 */
import type { GatewayLimits } from "../lines/limits.ts";

type Limits = Pick<GatewayLimits, "pendingRequests" | "pendingRequestBytes" | "startsPerTurn" | "startMsPerTurn">;

export interface QueuedRequest {
  /** Its frame's. */
  readonly bytes: number;
  /** One of the two is called, once. */
  begin(): void;
  refuse(): void;
}

/** What waits of one caller, oldest first. */
interface Line {
  readonly waiting: QueuedRequest[];
  bytes: number;
}

export class RequestQueue {
  readonly #limits: Limits;
  /** By caller; whose turn is next comes first. */
  readonly #lines = new Map<object, Line>();
  #waiting = 0;
  #bytes = 0;
  #started = 0;
  #spentMs = 0;
  #turnEnds: NodeJS.Immediate | undefined;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** `caller`: any object, the same for the same caller. */
  push(caller: object, request: QueuedRequest): void {
    if (this.#waiting === 0 && this.#hasRoom()) {
      this.#begin(request);
      return;
    }
    if (!this.#makeRoom(caller, request.bytes)) {
      request.refuse();
      return;
    }
    const line = this.#lines.get(caller) ?? { waiting: [], bytes: 0 };
    this.#lines.set(caller, line);
    line.waiting.push(request);
    this.#note(line, 1, request.bytes);
    this.#watchTurn();
  }

  /** False: no other caller has so much more that this one may take its place. */
  #makeRoom(caller: object, bytes: number): boolean {
    const { pendingRequestBytes, pendingRequests } = this.#limits;
    const own = this.#lines.get(caller);
    const excess = this.#waiting + 1 - pendingRequests;
    const longest = this.#most((line) => line.waiting.length);
    // Whoever comes must not have more afterwards than who makes way, else two callers would push each other out.
    if (excess > 0 && (own?.waiting.length ?? 0) + 1 > (longest?.waiting.length ?? 0) - excess) return false;
    const excessBytes = this.#bytes + bytes - pendingRequestBytes;
    const heaviest = this.#most((line) => line.bytes);
    if (excessBytes > 0 && (own?.bytes ?? 0) + bytes > (heaviest?.bytes ?? 0) - excessBytes) return false;
    if (excess > 0) this.#dropNewest(longest);
    while (this.#bytes + bytes > pendingRequestBytes && this.#dropNewest(heaviest));
    return true;
  }

  #most(amount: (line: Line) => number): Line | undefined {
    let most: Line | undefined;
    for (const line of this.#lines.values()) if (!most || amount(line) > amount(most)) most = line;
    return most;
  }

  #dropNewest(line: Line | undefined): boolean {
    const dropped = line?.waiting.pop();
    if (!line || !dropped) return false;
    this.#note(line, -1, -dropped.bytes);
    dropped.refuse();
    return true;
  }

  #note(line: Line, requests: number, bytes: number): void {
    line.bytes += bytes;
    this.#waiting += requests;
    this.#bytes += bytes;
  }

  #hasRoom(): boolean {
    return this.#started < this.#limits.startsPerTurn && this.#spentMs < this.#limits.startMsPerTurn;
  }

  #begin(request: QueuedRequest): void {
    this.#watchTurn();
    this.#started += 1;
    const before = performance.now();
    request.begin();
    this.#spentMs += performance.now() - before;
  }

  #watchTurn(): void {
    this.#turnEnds ??= setImmediate(() => {
      this.#turnEnds = undefined;
      this.#started = 0;
      this.#spentMs = 0;
      // A caller that is put back comes round again behind the others.
      for (const [caller, line] of this.#lines) {
        if (!this.#hasRoom()) break;
        const next = line.waiting.shift();
        this.#lines.delete(caller);
        if (!next) continue;
        if (line.waiting.length > 0) this.#lines.set(caller, line);
        this.#note(line, -1, -next.bytes);
        this.#begin(next);
      }
      if (this.#waiting > 0) this.#watchTurn();
    });
  }
}
