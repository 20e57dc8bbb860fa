/** Files in WebChat, against the real gateway and its media store. */
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildIfStale } from "../../build-if-stale.ts";
import { inChromium, launch, PATIENT, visit } from "../test-support/chromium.ts";
import { type GatewayProcess, startGatewayProcess } from "../test-support/gateway-process.ts";
import { textOf, Webchat } from "../test-support/webchat.ts";

/** A red dot. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg==",
  "base64",
);

inChromium("CH-10 files in WebChat", () => {
  let browser: Browser;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    await buildIfStale();
    [browser, gateway] = await Promise.all([launch(), startGatewayProcess()]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await gateway?.[Symbol.asyncDispose]();
  });

  const begin = async () => {
    const opened = await visit(browser);
    return { ...opened, chat: await Webchat.begin(opened.page, gateway.address, gateway.token) };
  };
  const input = (page: Page) => page.locator('input[type="file"]');
  const choose = (page: Page, name: string, mimeType: string, buffer: Buffer) =>
    input(page).setInputFiles({ name, mimeType, buffer });
  const chips = (page: Page) => page.getByRole("list", { name: "Attached files" }).getByRole("listitem");

  it("CH-10 attaches by button, shows a preview, and the picture stands in the transcript", async () => {
    const { chat, complaints, context, page } = await begin();
    await choose(page, "dot.png", "image/png", PNG);
    await chips(page).filter({ hasText: "dot.png" }).locator("img").waitFor();
    await chat.ask("look at this", "I got an image");
    const picture = chat.said.locator("img");
    expect(await picture.getAttribute("src")).toMatch(/^media\/[0-9a-f]{64}$/);
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth), PATIENT).toBe(5);
    expect(await chips(page).count()).toBe(0);
    await page.reload();
    await chat.said.locator("img").waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("CH-10 takes files by paste and by drop, a message may be files alone, and one can be taken out again", async () => {
    const { chat, context, page } = await begin();
    const give = (how: "paste" | "drop", name: string, type: string) =>
      page.evaluate(
        ([how, name, type]) => {
          const files = new DataTransfer();
          files.items.add(new File([`the content of ${name}`], name ?? "", { type: type ?? "" }));
          const init = { bubbles: true, cancelable: true };
          const place = document.querySelector("textarea");
          if (how === "paste") place?.dispatchEvent(new ClipboardEvent("paste", { ...init, clipboardData: files }));
          for (const event of how === "drop" ? ["dragenter", "dragover", "drop"] : []) {
            place?.dispatchEvent(new DragEvent(event, { ...init, dataTransfer: files }));
          }
        },
        [how, name, type] as const,
      );
    await give("paste", "pasted.txt", "text/plain");
    await give("drop", "dropped.txt", "text/plain");
    await give("drop", "unwanted.txt", "text/plain");
    await expect.poll(() => chips(page).count(), PATIENT).toBe(3);
    await page.getByRole("button", { name: "Remove unwanted.txt" }).click();
    await page.getByRole("button", { name: "Send" }).click();
    await chat.answer("pasted.txt").waitFor();
    await chat.settled();
    expect(await textOf(chat.answers)).not.toContain("unwanted.txt");
    const link = chat.said.locator("a", { hasText: "dropped.txt" });
    const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe("the content of dropped.txt");
    await context.close();
  });

  it("Q-6 an attached file outlives a reload before the message is sent", async () => {
    const { chat, context, page } = await begin();
    await chat.field.fill("with a file");
    await choose(page, "kept.png", "image/png", PNG);
    await chips(page).filter({ hasText: "kept.png" }).locator("img").waitFor();
    await page.reload();
    await chips(page).filter({ hasText: "kept.png" }).waitFor();
    await chat.field.press("Enter");
    await chat.answer("kept.png").waitFor();
    await context.close();
  });

  it("MSG-6 says at once that a file is too large or empty, and sends a large one that fits", async () => {
    const { chat, context, page } = await begin();
    // From the disk, as people do it: the browser takes no time to be handed that much.
    await using directory = await temporaryDirectory();
    const file = async (name: string, bytes: Buffer) => {
      await writeFile(join(directory.path, name), bytes);
      await input(page).setInputFiles(join(directory.path, name));
    };
    await file("huge.bin", Buffer.alloc(19_000_000));
    await page.getByRole("alert").filter({ hasText: "huge.bin has 19 MB; at most 18.9 MB fit" }).waitFor();
    await page.getByRole("button", { name: "Dismiss" }).click();
    await choose(page, "empty.txt", "text/plain", Buffer.alloc(0));
    await page.getByRole("alert").filter({ hasText: "empty.txt is empty" }).waitFor();
    expect(await chips(page).count()).toBe(0);
    await file("large.bin", randomBytes(12_000_000));
    await chips(page).filter({ hasText: "large.bin" }).waitFor();
    await chat.ask("a large one", /large\.bin.*12\.0 MB/);
    await context.close();
  });
});
