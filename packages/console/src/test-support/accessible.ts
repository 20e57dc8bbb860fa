/** What an accessibility checker has against a page, one line each. */
import axe from "axe-core";
import type { Page } from "playwright-core";

export async function complaintsOfAxe(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as { axe: typeof axe };
    const results = await checker.run(document, { resultTypes: ["violations"], iframes: false });
    return results.violations.map(({ help, id, nodes }) => ({ help, id, where: nodes.map(({ html }) => html) }));
  });
  return violations.map(({ help, id, where }) => `${id}: ${help}: ${where.join(" ").slice(0, 300)}`);
}
