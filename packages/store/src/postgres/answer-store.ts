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
import type { Context } from "./context.ts";

export function answerStore({ statements }: Context): Omit<AnswerStore, "prune"> {
  const find = statements.of<AnswerRow>(FIND);
  const full = statements.of<{ until: number }>(FULL);
  const begin = statements.of<{ until: number }>(BEGIN);
  const hold = statements.of(HOLD);
  const finish = statements.of(FINISH);
  const release = statements.of(RELEASE);
  return {
    async begin(tenant, key, request) {
      const row = await find.get(tenant, key);
      const most = isNew(row, request) ? await full.get(tenant, request.now, request.most) : undefined;
      if (most) return { state: "full", until: most.until };
      if (await begin.get(...toBegin(tenant, key, request))) return { state: "begun" };
      return begunAlready(await find.get(tenant, key));
    },
    hold: async (tenant, key, owner, until) => (await hold.run(until, tenant, key, owner)) > 0,
    finish: async (tenant, key, owner, answer) => (await finish.run(answer, tenant, key, owner)) > 0,
    async release(tenant, key, owner) {
      await release.run(tenant, key, owner);
    },
  };
}
