/** What a gateway counts and charges, through its own doors. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";

const PRICES = { currency: "EUR", prices: { "openai/test-model": { input: 1_000, output: 2_000 } } };

describe("what was used", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ config: { usage: PRICES } });
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  const say = (message: string, model?: string) =>
    gateway.request("agent", {
      sessionKey: "agent:main:main",
      message,
      idempotencyKey: message,
      ...(model !== undefined && { model }),
    });
  const get = (path: string, token = gateway.token) =>
    fetch(`${gateway.url.replace(/^ws/, "http")}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });

  it("TEN-7 one record a run, priced by the configuration; counters with it", async () => {
    await say("how much is this?");
    const { currency, records } = await gateway.request("usage.records", {});
    const [record] = records;
    expect(records).toHaveLength(1);
    expect(record).toMatchObject({
      outcome: "done",
      agentId: "main",
      provider: "openai",
      model: "test-model",
      tries: 1,
    });
    const { inputTokens = 0, outputTokens = 0 } = record ?? {};
    expect([currency, inputTokens > 0, outputTokens > 0]).toEqual(["EUR", true, true]);
    expect(record?.cost).toBeCloseTo((inputTokens * 1_000 + outputTokens * 2_000) / 1e6, 9);
    const { rows } = await gateway.request("usage.report", { by: "model" });
    expect(rows).toMatchObject([{ key: "test-model", runs: 1, inputTokens, outputTokens, unpriced: 0 }]);
    const { days } = await gateway.request("usage.days", {});
    const sum = (name: "messagesIn" | "runs" | "inputTokens") => days.reduce((total, day) => total + day[name], 0);
    expect([sum("messagesIn"), sum("runs"), sum("inputTokens")]).toEqual([1, 1, inputTokens]);
    const { totals } = await gateway.request("usage.cost", { days: 7 });
    expect(totals).toMatchObject({ input: inputTokens, output: outputTokens, missingCostEntries: 0 });
    expect(totals.totalCost).toBeCloseTo(record?.cost ?? 0, 9);
  });

  it("TEN-7 a failed try whose provider told of tokens, and a run that failed, are recorded as what they are", async () => {
    const before = (await gateway.request("usage.records", {})).records.length;
    gateway.model.next({ type: "error", status: 400 });
    await say("this fails").catch(() => {});
    const { records } = await gateway.request("usage.records", {});
    expect(records.slice(before)).toMatchObject([{ outcome: "failed" }]);
    expect(records.at(-1)?.cost).toBeUndefined();
  });

  it("TEN-1 TEN-7 the same by REST, for whoever may read it", async () => {
    const report = await gateway.request("usage.report", { by: "agent" });
    expect(await (await get("/usage?by=agent")).json()).toEqual(report);
    const records = await (await get("/usage/records?limit=1")).json();
    expect(records).toMatchObject({ currency: "EUR", records: [{ agentId: "main" }] });
    expect(records.cursor).toBeDefined();
    expect(await (await get("/usage/days")).json()).toEqual(await gateway.request("usage.days", {}));
    expect((await get("/usage?by=person")).status).toBe(400);
    expect((await get("/usage?from=2026-02-30")).status).toBe(400);
    expect((await get("/usage", "wrong")).status).toBe(401);
  });

  it("REQ_001 TEN-7 days that do not exist, stand the wrong way round, or are too many", async () => {
    for (const params of [{ from: "2026-02-30" }, { from: "2026-02-02", to: "2026-02-01" }, { from: "yesterday" }]) {
      await expect(gateway.request("usage.report", params)).rejects.toMatchObject({ code: "REQ_001" });
    }
    for (const method of ["usage.report", "usage.records", "usage.days"] as const) {
      const years = gateway.request(method, { from: "2001-01-01", to: "2003-12-31" });
      await expect(years).rejects.toMatchObject({ code: "REQ_001", message: expect.stringContaining("at most") });
    }
    expect(await gateway.request("usage.report", { from: "2001-02-03", to: "2001-02-04" })).toMatchObject({
      from: "2001-02-03",
      to: "2001-02-04",
      rows: [],
    });
  });
});
