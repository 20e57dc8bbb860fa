/** The pane in a real browser: one holds people's phones. */
import { onStage, PATIENT, png } from "@switchboard/simulator-kit/testing";
import { expect, it } from "vitest";
import { startSimulator } from "../index.ts";

/** A business that does as the test says, with somebody who wrote to it. */
async function opened() {
  const simulator = await startSimulator();
  const { conversation: ada } = await simulator.say({ from: "Ada", text: "Are you open today?" });
  const { accessToken, phoneNumberId } = simulator.accountConfig() as Record<string, string>;
  const call = async (edge: string, body: FormData | object) => {
    const isForm = body instanceof FormData;
    const response = await fetch(`${simulator.url}/v23.0/${phoneNumberId}/${edge}`, {
      method: "POST",
      headers: { authorization: `Bearer ${accessToken}`, ...(!isForm && { "content-type": "application/json" }) },
      body: isForm ? body : JSON.stringify({ messaging_product: "whatsapp", ...body }),
    });
    return (await response.json()) as { readonly id?: string; readonly messages?: [{ readonly id: string }] };
  };
  return {
    simulator,
    send: (content: object) => call("messages", { to: ada, ...content }),
    read: (message: string) =>
      call("messages", { status: "read", message_id: message, typing_indicator: { type: "text" } }),
    async upload(bytes: Uint8Array<ArrayBuffer>, type: string, name: string) {
      const form = new FormData();
      form.set("messaging_product", "whatsapp");
      form.set("type", type);
      form.set("file", new Blob([bytes], { type }), name);
      return (await call("media", form)).id ?? "";
    },
  };
}

const body = (text: string) => ({ type: "text", text: { body: text } });
const reply = (id: string, title: string) => ({ type: "reply", reply: { id, title } });

onStage("CH-5 the pane in a browser", opened, (stage) => {
  const enter = async () => {
    await stage.open("Ada");
    await stage.row("Switchboard").first().click();
    await stage.bubble("Are you open today?").waitFor();
  };

  it("shows WhatsApp's markup, how far a message came, and that somebody types", async () => {
    await enter();
    await stage.bot.send(
      body("*Yes*, _until_ ~five~ six:\n> come by\n- bread\n- cakes\n```let a```\nhttps://example.org/hours"),
    );
    const answer = stage.bubble("Yes, until");
    await answer.waitFor();
    expect(await answer.locator("strong").textContent()).toBe("Yes");
    expect(await answer.locator("em").textContent()).toBe("until");
    expect(await answer.locator("blockquote").textContent()).toContain("come by");
    expect(await answer.locator("code").textContent()).toBe("let a");
    expect(await answer.getByRole("link").getAttribute("href")).toBe("https://example.org/hours");
    await expect.poll(() => answer.textContent(), PATIENT).toMatch(/delivered/);
    await stage.input().fill("And *tomorrow*?");
    await stage.input().press("Enter");
    const said = stage.bubble("And tomorrow?");
    expect(await said.locator("strong").textContent()).toBe("tomorrow");
    // Whoever writes has read what was there.
    await expect.poll(() => answer.textContent(), PATIENT).toMatch(/read/);
    const id = (await said.getAttribute("data-id")) ?? "";
    await stage.bot.read(id);
    await stage.page
      .getByText(/typing/)
      .first()
      .waitFor();
    await stage.bot.send(body("Tomorrow, too."));
    await stage.bubble("Tomorrow, too.").waitFor();
  });

  it("offers reply buttons, lists and link buttons, and shows what was chosen", async () => {
    await enter();
    const buttons = { buttons: [reply("y", "Yes"), reply("n", "No")] };
    await stage.bot.send({
      type: "interactive",
      interactive: { type: "button", body: { text: "A table?" }, action: buttons },
    });
    await stage.bubble("A table?").getByRole("button", { name: "Yes" }).click();
    await stage.page.locator(".message.mine", { hasText: /^Yes|Yes/ }).waitFor();
    const rows = [
      { id: "a", title: "At six", description: "by the window" },
      { id: "b", title: "At seven" },
    ];
    const list = { button: "Times", sections: [{ rows }] };
    await stage.bot.send({ type: "interactive", interactive: { type: "list", body: { text: "When?" }, action: list } });
    const asked = stage.bubble("When?");
    await asked.waitFor();
    const select = asked.getByRole("combobox");
    if ((await select.count()) > 0) await select.selectOption("At seven");
    else {
      await asked.getByRole("button", { name: "Times" }).click();
      await stage.page.getByText("At seven").last().click();
    }
    await stage.page.locator(".message.mine", { hasText: "At seven" }).waitFor();
    const link = { name: "cta_url", parameters: { display_text: "The menu", url: "https://example.org/menu" } };
    await stage.bot.send({
      type: "interactive",
      interactive: { type: "cta_url", body: { text: "Look" }, action: link },
    });
    await stage.bubble("Look").getByText("The menu").waitFor();
  });

  it("shows pictures both ways", async () => {
    await enter();
    const picture = { name: "dot.png", mimeType: "image/png", buffer: Buffer.from(png()) };
    await stage.page.locator("input[type=file]").setInputFiles(picture);
    await stage.input().fill("look at this");
    await stage.input().press("Enter");
    await stage.bubble("look at this").locator("img").waitFor();
    const id = await stage.bot.upload(new Uint8Array(png()), "image/png", "back.png");
    await stage.bot.send({ type: "image", image: { id, caption: "and at this" } });
    await stage.bubble("and at this").locator("img").waitFor();
  });

  it("CH-5 after a day a message fails, and the pane says so", async () => {
    await enter();
    stage.bot.simulator.lapse("Ada");
    await stage.bot.send(body("too late"));
    await expect.poll(() => stage.bubble("too late").textContent(), PATIENT).toMatch(/failed/);
  });
});
