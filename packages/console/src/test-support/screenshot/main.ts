/** Takes the README's picture: the demo's page with a conversation in WebChat and on a simulated platform. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { buildIfStale } from "../../../build-if-stale.ts";
import { launch } from "../browser.ts";
import { Webchat } from "../webchat.ts";
import { ON_THE_PHONE, QUESTION } from "./conversation.ts";
import { startDemo } from "./demo.ts";

const PICTURE = join(import.meta.dirname, "../../../../../docs/images/sandbox.png");
/** A README is read on slow lines, too. */
const MOST_BYTES = 400 * 1024;
const HELP = `Takes the README's picture of the sandbox. Needs Chromium (CHROMIUM_PATH; apt-get install chromium).

  npm run screenshot -- [options]

  --out <file>         where to, default docs/images/sandbox.png
  --size <wide>x<high> in pixels, default 1600x1000
  --dark               dark instead of light
  --help               this text`;

const { values } = parseArgs({
  options: {
    out: { type: "string", default: PICTURE },
    size: { type: "string", default: "1600x1000" },
    dark: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(HELP);
else await takePicture(resolve(values.out), sizeOf(values.size), values.dark ? "dark" : "light");

async function takePicture(
  file: string,
  viewport: { readonly width: number; readonly height: number },
  colorScheme: "light" | "dark",
): Promise<void> {
  await buildIfStale();
  await using demo = await startDemo();
  await using browser = await launch();
  const page = await browser.newPage({ viewport, colorScheme, deviceScaleFactor: 1, locale: "en-GB" });
  await page.goto(demo.url);
  await talk(page);
  const picture = await page.screenshot({ animations: "disabled", caret: "hide" });
  if (picture.length > MOST_BYTES)
    throw new Error(`The picture has ${picture.length} bytes; at most ${MOST_BYTES} fit.`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, picture);
  console.log(`${relative(process.cwd(), file)}: ${Math.round(picture.length / 1024)} KiB`);
}

async function talk(page: Page): Promise<void> {
  const chat = new Webchat(page, page.frameLocator('iframe[title="WebChat"]'));
  const pane = page.frameLocator('iframe[title="Telegram, simulated"]');
  const field = pane.getByRole("textbox", { name: "Message" });
  const theirs = (text: string) => pane.locator(".message:not(.mine)").filter({ hasText: text });
  const say = async (text: string, answer: string) => {
    await field.fill(text);
    await field.press("Enter");
    await theirs(answer).waitFor();
  };
  await chat.connected();
  await pane.getByRole("button", { name: "Start", exact: true }).click();
  await theirs("You are talking to").waitFor();
  await say(ON_THE_PHONE, "dead-letters replay");
  await say("/menu", "Verbosity");
  await chat.ask(QUESTION, "kill -9");
  const line = page.locator(".trace-line").filter({ hasText: QUESTION.slice(0, 20) });
  await line.filter({ hasText: /done.*sent/s }).waitFor();
  await line.getByRole("button").first().click();
  await line.locator("dd", { hasText: "dlv_" }).first().waitFor();
  // Nothing is pointed at, and no field has the focus.
  await page.mouse.move(0, 0);
  await page.getByRole("heading", { level: 1 }).click();
}

function sizeOf(text: string): { readonly width: number; readonly height: number } {
  const [, width, height] = /^(\d{3,4})x(\d{3,4})$/.exec(text) ?? [];
  if (width === undefined || height === undefined) throw new Error(`${text} is no size; write e.g. 1600x1000.`);
  return { width: Number(width), height: Number(height) };
}
