/** The AnswerStore port. */
import type { AnswerStore } from "@switchboard/core/ports";
import {
  type AnswerRow,
  BEGIN,
  begunAlready,
  FIND,
  FINISH,
  FULL,
  HOLD,
  isNew,
  RELEASE,
  toBegin,
} from "../rows/answers.ts";
import type { Context, Sync } from "./context.ts";

export function answerStore({ statements }: Context): Sync<AnswerStore> {
  const find = statements.of<AnswerRow>(FIND);
  const full = statements.of<{ until: number }>(FULL);
  const begin = statements.of<{ until: number }>(BEGIN);
  const hold = statements.of(HOLD);
  const finish = statements.of(FINISH);
  const release = statements.of(RELEASE);
  const forget = statements.of("DELETE FROM kept_answers WHERE expires_at <= ?");
  return {
    begin(tenant, key, request) {
      const row = find.get(tenant, key);
      const most = isNew(row, request) ? full.get(tenant, request.now, request.most) : undefined;
      if (most) return { state: "full", until: most.until };
      if (begin.get(...toBegin(tenant, key, request))) return { state: "begun" };
      return begunAlready(row);
    },
    hold: (tenant, key, owner, until) => hold.run(until, tenant, key, owner) > 0,
    finish: (tenant, key, owner, answer) => finish.run(answer, tenant, key, owner) > 0,
    release(tenant, key, owner) {
      release.run(tenant, key, owner);
    },
    prune: (now) => forget.run(now),
  };
}
