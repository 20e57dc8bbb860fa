/** The whole way of somebody who lets the app in, in a real browser: Slack's page, Allow or Cancel, and back. */
import { onStage, PATIENT } from "@switchboard/simulator-kit/testing";
import { expect, it } from "vitest";
import { gatewayAndSlack } from "./gateway-and-slack.test.helper.ts";

async function stage() {
  const running = await gatewayAndSlack("websocket");
  const { simulator } = running;
  const close = async () => running[Symbol.asyncDispose]();
  return { ...running, slack: simulator, simulator: { pane: simulator.pane, close } };
}

onStage("CH-2 letting the app in, in a browser", stage, (stage) => {
  const ask = async () => (await stage.bot.client.request("channels.install", { channel: "slack" })).url;
  const button = (name: string) => stage.page.getByRole("button", { name });

  it("Allow makes an account that answers, and the page says which", async () => {
    const { page } = stage;
    await page.goto(await ask());
    await expect.poll(() => page.title()).toContain("is requesting permission");
    expect(await page.locator("body").innerText()).toContain("chat:write");
    await page.getByLabel("Workspace").fill("Acme <b>Works</b>");
    await button("Allow").click();
    await page.getByRole("heading", { name: "Connected" }).waitFor();
    const text = await page.locator("body").innerText();
    expect(text).toContain("Acme <b>Works</b> is connected as slack:t");
    expect(new URL(page.url()).pathname).toBe("/install/slack");
    const account = /slack:(\w+)/.exec(text)?.[1] ?? "";
    await expect.poll(async () => (await stage.bot.states())[account], PATIENT).toBe("CONNECTED");
    const workspace = stage.bot.slack.account("Acme <b>Works</b>");
    await workspace.say({ from: "Ann", text: "hello" });
    await workspace.waitFor(({ text }) => /pair/i.test(text), { timeoutMs: 20_000 });
    // Coming back to the page by the browser's own button is no second account.
    await page.reload();
    await page.getByRole("heading", { name: "Not connected" }).waitFor();
    expect(await page.locator("body").innerText()).toContain("SEC_002");
    expect(Object.keys(await stage.bot.states())).toHaveLength(2);
    stage.complaints = stage.complaints.filter((complaint) => !complaint.includes("401"));
  });

  it("Cancel makes none, and the page says what to do to try again", async () => {
    const { page } = stage;
    await page.goto(await ask());
    await button("Cancel").click();
    await page.getByRole("heading", { name: "Not connected" }).waitFor();
    const text = await page.locator("body").innerText();
    expect(text).toContain("access_denied");
    expect(text).toContain("switchboard channels install slack");
    expect(Object.keys(await stage.bot.states())).toEqual(["default"]);
    stage.complaints = stage.complaints.filter((complaint) => !complaint.includes("400"));
  });
});
