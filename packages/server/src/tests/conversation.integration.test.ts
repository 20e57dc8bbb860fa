import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";

describe("a conversation", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  it("AGT-1 answers what a person writes", async () => {
    const { simulator } = gateway;
    const { conversation } = await simulator.say({ from: "Ada", text: "hello there" });
    const answer = await simulator.waitFor(({ text }) => text === "hello there", { conversation });
    expect(answer.conversation).toBe(conversation);
  });
});
