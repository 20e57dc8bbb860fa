import { join } from "node:path";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { expect, it } from "vitest";
import { startSimulator } from "./index.ts";

it("CH-6 phones, messages, files, opt-outs and the webhook are there after a restart", async () => {
  await using place = await temporaryDirectory();
  const file = join(place.path, "sms.db");
  const first = await startSimulator({ file });
  const { authToken, accountSid } = first.accountConfig() as Record<string, string>;
  await first.say({
    from: "Ann",
    text: "kept",
    attach: { kind: "image", bytes: new Uint8Array([1, 2]), mimeType: "image/png" },
  });
  await first.say({ from: "Ben", text: "STOP" });
  await first.account("other").say({ from: "Ann", text: "elsewhere" });
  const numbers = [first.numberOf("Ann"), first.numberOf("Ben")];
  await first.close();
  const second = await startSimulator({ file });
  try {
    expect(second.accountConfig()).toMatchObject({ authToken, accountSid });
    expect([second.numberOf("Ann"), second.numberOf("Ben")]).toEqual(numbers);
    expect(second.shown("Ann")).toEqual(["kept"]);
    expect(second.account("other").shown("Ann")).toEqual(["elsewhere"]);
    const said = await second.say({ from: "Ann", text: "new" });
    expect(second.shown("Ann")).toEqual(["kept", "new"]);
    expect(said.messageId).toMatch(/^SM[0-9a-f]{32}$/);
    const answer = await fetch(`${second.url}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}` },
      body: new URLSearchParams({ To: numbers[1] ?? "", From: second.number, Body: "still out" }),
    });
    expect(await answer.json()).toMatchObject({ code: 21610 });
  } finally {
    await second.close();
  }
});
