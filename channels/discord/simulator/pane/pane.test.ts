/** The pane in a real browser: one is the people of a server, with the real channel behind the bot. */
import { markdownContent, textContent } from "@switchboard/domain";
import { onStage, PATIENT, png } from "@switchboard/simulator-kit/testing";
import { expect, it } from "vitest";
import { answerTo, discordScene } from "../../src/scene.test.helper.ts";

const LONG = [
  "# Findings",
  "The trial ran for **three weeks**, see [the notes](https://example.org/notes).",
  "| Week | Users |\n|---|---:|\n| 1 | 120 |\n| 2 | 910 |",
  "1. First\n   - nested\n2. Second ~~gone~~",
  "> A quote",
  "```ts\nconst answer = 42;\n```",
  ...Array.from(
    { length: 40 },
    (_, index) => `Paragraph ${index} with words that fill the page until it is a long one.`,
  ),
].join("\n\n");

async function opened() {
  const scene = await discordScene({
    commands: [
      { name: "status", description: "How it goes" },
      { name: "whoami", description: "Who you are here", private: true },
      { name: "model", description: "Which model answers", argument: { label: "Model" } },
    ],
  });
  await scene.connect();
  await scene.simulator.say({ from: "Ada", text: "hello" });
  const direct = answerTo(await scene.event("message"));
  const close = async () => {
    await scene[Symbol.asyncDispose]();
    await scene.simulator.close();
  };
  return { scene, direct, simulator: { pane: scene.simulator.pane, close } };
}

onStage("CH-3 the pane in a browser", opened, (stage) => {
  const line = (text: string) => stage.page.locator(".message", { hasText: text });

  it("shows a long Markdown answer as Discord does, and the bot's typing before it", async () => {
    const { direct, scene } = stage.bot;
    await stage.open("Ada");
    await stage.row("Desk").click();
    await scene.connection.typing?.(direct, scene.account.context.signal);
    await expect.poll(() => stage.page.locator(".head").textContent(), PATIENT).toMatch(/typing/);
    const receipts = await scene.send(direct, markdownContent(LONG));
    expect(receipts.length).toBeGreaterThan(1);
    const first = line("Findings");
    await first.waitFor();
    expect(await first.locator("h3").first().textContent()).toBe("Findings");
    expect(await first.getByRole("link", { name: "the notes" }).getAttribute("href")).toBe("https://example.org/notes");
    expect(await first.locator("ol > li").count()).toBe(2);
    expect(await first.locator("ol ul > li").count()).toBe(1);
    expect(await first.locator("blockquote").textContent()).toBe("A quote");
    expect(await first.locator(".code-block").count()).toBe(2);
    await line("Paragraph 39").waitFor();
    // The name stands above the first of them alone.
    expect(await stage.page.locator(".message.first .sender", { hasText: "Desk" }).count()).toBe(1);
  });

  it("buttons, selects and pictures work from there", async () => {
    const { direct, scene } = stage.bot;
    await stage.open("Ada");
    await stage.row("Desk").click();
    scene.account.blobs.set("plot", { bytes: png(), fileName: "plot.png" });
    await scene.send(
      direct,
      textContent("Which?", {
        attachments: [{ kind: "image", source: { blob: "plot" }, mimeType: "image/png" }],
        controls: [
          [{ kind: "button", label: "Yes", value: "yes", style: "primary" }],
          [{ kind: "select", label: "Day", options: [{ label: "Monday", value: "mon" }] }],
        ],
      }),
    );
    await line("Which?").locator("img").waitFor();
    await stage.page.getByRole("button", { name: "Yes", exact: true }).click();
    await scene.until(() => scene.events().some((event) => event.kind === "control" && event.value === "yes"), "yes");
    await stage.page.getByRole("combobox", { name: "Day" }).selectOption("mon");
    await scene.until(() => scene.events().some((event) => event.kind === "control" && event.value === "mon"), "mon");
    await expect.poll(() => stage.page.locator(".key.waiting").count(), PATIENT).toBe(0);
    await stage.page
      .locator("input[type=file]")
      .setInputFiles({ name: "dot.png", mimeType: "image/png", buffer: Buffer.from(png()) });
    await stage.input().fill("look at this");
    await stage.page.keyboard.press("Enter");
    await line("look at this").locator("img").waitFor();
    await scene.until(
      () => scene.events().some((event) => event.kind === "message" && event.content.type === "image"),
      "the picture",
    );
  });

  it("a slash command is thought about, then answered; a private one is seen by one person; a form asks", async () => {
    const { scene } = stage.bot;
    const { conversation } = await scene.simulator.createGroup({ title: "general", people: ["Ada", "Ben"] });
    await stage.open("Ada");
    await stage.row("# general").click();
    const command = async (text: string) => {
      await stage.input().fill(text);
      await stage.page.keyboard.press("Enter");
    };
    const commands = () => scene.events().filter(({ kind }) => kind === "command");
    await command("/status");
    await line("Desk is thinking…").waitFor();
    await scene.until(() => commands().length === 1, "the command");
    await scene.send(answerTo(commands()[0] as never), textContent("All is well."));
    await line("All is well.").waitFor();
    expect(await line("Desk is thinking…").count()).toBe(0);
    await command("/whoami");
    await scene.until(() => commands().length === 2, "the private command");
    await scene.send(answerTo(commands()[1] as never), textContent("You are Ada."));
    await line("You are Ada.").getByText("Only visible to you").waitFor();
    await command("/model");
    const form = stage.page.getByRole("dialog");
    await form.getByRole("textbox", { name: "Model" }).fill("large");
    await form.getByRole("button", { name: "Submit" }).click();
    await scene.until(() => commands().length === 3, "the form");
    expect(commands()[2]).toMatchObject({ name: "model", text: "large", conversation: { id: conversation } });
    await stage.open("Ben");
    await stage.row("# general").click();
    await line("All is well.").waitFor();
    expect(await line("You are Ada.").count()).toBe(0);
  });

  it("spoilers, underlined words, small print and mentions look as at Discord", async () => {
    const { scene } = stage.bot;
    await stage.open("Ada");
    await stage.row("Desk").click();
    await scene.simulator.say({ from: "Ada", text: "the ||**secret**|| and __under__", mention: true });
    await scene.simulator.say({ from: "Ada", text: "-# small print\n\nand || no end" });
    await line("and under").locator(".spoiler", { hasText: "secret" }).waitFor();
    expect(await line("and under").locator("u").textContent()).toBe("under");
    expect(await line("and under").locator("span.inline-link").textContent()).toBe("@Desk");
    expect(await line("no end").locator("small").textContent()).toBe("small print");
    expect(await line("no end").textContent()).toContain("|| no end");
  });

  it("messages of one moment are all there, in order", async () => {
    const { scene } = stage.bot;
    await stage.open("Ada");
    await stage.row("Desk").click();
    await line("hello").waitFor();
    for (let index = 0; index < 40; index++) await scene.simulator.say({ from: "Ada", text: `number ${index}` });
    // Not by the line: "number 3" is followed by the time there, which may begin with a 9.
    await stage.page.locator(".message .text", { hasText: "number 39" }).waitFor();
    const shown = await stage.page.locator(".message .text").allTextContents();
    expect(shown.filter((text) => text.startsWith("number"))).toEqual(
      Array.from({ length: 40 }, (_, i) => `number ${i}`),
    );
  });
});
