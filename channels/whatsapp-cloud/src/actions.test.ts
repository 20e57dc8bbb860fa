import type { JsonObject } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { failure, type Scene, scene } from "./scene.test.helper.ts";

const PARAMS = {
  name: "order_ready",
  language: "en_US",
  category: "UTILITY",
  body: "Dear {{1}}, order {{2}} is ready.",
  examples: ["Ann", "17"],
  footer: "Your bakery",
  buttons: ["Thanks"],
};

async function act({ connection }: Scene, action: string, params: JsonObject): Promise<JsonObject> {
  const done = await connection.act?.(action, params, AbortSignal.timeout(20_000));
  if (!done) throw new Error("no actions");
  return done;
}

describe("CH-5 templates of the business", () => {
  it("are created, listed, sent and deleted", async () => {
    await using it = await scene();
    expect(await act(it, "templates.create", PARAMS)).toMatchObject({ id: expect.any(String), status: "PENDING" });
    const { templates } = await act(it, "templates.list", { name: "order_ready" });
    expect(templates).toMatchObject([
      {
        name: "order_ready",
        language: "en_US",
        status: "APPROVED",
        components: [
          { type: "BODY", text: PARAMS.body, example: { body_text: [["Ann", "17"]] } },
          { type: "FOOTER", text: "Your bakery" },
          { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "Thanks" }] },
        ],
      },
    ]);
    expect(await act(it, "templates.delete", { name: "order_ready" })).toEqual({ success: true });
    expect(await act(it, "templates.list", { name: "order_ready" })).toEqual({ templates: [] });
  });

  it("are listed to the last page", async () => {
    await using it = await scene();
    for (let number = 0; number < 230; number++) it.simulator.approve({ name: `news_${number}`, body: "News" });
    const { templates } = await act(it, "templates.list", {});
    const names = (templates as unknown as { name: string }[]).map(({ name }) => name);
    expect(new Set(names).size).toBe(231);
  });

  it("MSG_008 say what Meta minds", async () => {
    await using it = await scene();
    for (const params of [
      { ...PARAMS, examples: ["Ann"] },
      { ...PARAMS, body: "Order {{2}}", examples: ["17"] },
    ]) {
      expect(await failure(act(it, "templates.create", params))).toMatchObject({ code: "MSG_008", retryable: false });
    }
    await act(it, "templates.create", PARAMS);
    expect(await failure(act(it, "templates.create", PARAMS))).toMatchObject({
      message: expect.stringContaining("already content in this language"),
    });
    expect(await failure(act(it, "templates.delete", { name: "unknown" }))).toMatchObject({ code: "MSG_008" });
  });
});
