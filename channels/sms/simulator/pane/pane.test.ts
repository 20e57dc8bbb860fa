/** The pane in a real browser: one holds people's phones. */
import { onStage, PATIENT, png } from "@switchboard/simulator-kit/testing";
import { expect, it } from "vitest";
import { startSimulator } from "../index.ts";

async function opened() {
  const simulator = await startSimulator();
  const ann = simulator.numberOf("Ada");
  await simulator.say({ from: "Ada", text: "Are you open today?" });
  const { accountSid, authToken } = simulator.accountConfig() as Record<string, string>;
  const send = (params: Readonly<Record<string, string>>) =>
    fetch(`${simulator.url}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}` },
      body: new URLSearchParams({ To: ann, From: simulator.number, ...params }),
    });
  return { simulator, send };
}

onStage("CH-6 the pane in a browser", opened, (stage) => {
  it("shows a conversation as a phone does, with what a message costs and how far it came", async () => {
    await stage.open("Ada");
    await stage.row("+1 (555) 200-0000").first().click();
    await stage.bubble("Are you open today?").waitFor();
    await stage.bot.send({ Body: "Yes, until 6. See https://example.org/hours. Reply 1 for Book, 2 for Call." });
    await stage.bubble("Yes, until 6.").waitFor();
    await expect
      .poll(() => stage.bubble("Yes, until 6.").textContent(), PATIENT)
      .toMatch(/delivered · 1 segment · GSM-7/);
    expect(await stage.bubble("Yes, until 6.").getByRole("link").getAttribute("href")).toBe(
      "https://example.org/hours",
    );
    await stage.bot.send({ Body: "Grüße 😀 ".repeat(10) });
    await expect.poll(() => stage.bubble("Grüße").textContent(), PATIENT).toMatch(/2 segments · UCS-2/);
  });

  it("lets one write as somebody, and takes files", async () => {
    await stage.open("Ada");
    await stage.row("+1 (555) 200-0000").first().click();
    await stage.page.getByRole("textbox", { name: "Text message" }).or(stage.input()).fill("And tomorrow?");
    await stage.page.keyboard.press("Enter");
    await stage.bubble("And tomorrow?").waitFor();
    await stage.bot.simulator.say({
      from: "Ada",
      text: "Look",
      attach: { kind: "image", bytes: png(), mimeType: "image/png" },
    });
    await stage.bubble("Look").locator("img").waitFor();
    expect(stage.bot.simulator.shown("Ada")).toEqual(["Are you open today?", "And tomorrow?", "Look"]);
  });

  it("STOP shows Twilio's answer, and the account is refused", async () => {
    await stage.open("Ada");
    await stage.row("+1 (555) 200-0000").first().click();
    await stage.bot.simulator.say({ from: "Ada", text: "STOP" });
    await stage.bubble("unsubscribed").waitFor();
    expect(await (await stage.bot.send({ Body: "But" })).json()).toMatchObject({ code: 21610, status: 400 });
  });
});
