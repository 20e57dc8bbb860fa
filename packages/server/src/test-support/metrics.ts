/** Reads `/metrics` as a Prometheus server does. */
import type { TestGateway } from "./gateway.ts";

export async function scrape({ url }: Pick<TestGateway, "url">): Promise<string> {
  const response = await fetch(`${url}/metrics`);
  if (response.status !== 200) throw new Error(`/metrics answers ${response.status}`);
  return response.text();
}

/**
 * One sample, without the common prefix of its name; `undefined` when there is none with exactly these labels. Whose it
 * is need not be said: a test's gateway has one tenant.
 */
export async function metric(
  gateway: Pick<TestGateway, "url">,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number | undefined> {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  for (const line of (await scrape(gateway)).split("\n")) {
    const [, found, inside = "", value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (found !== `switchboard_${name}`) continue;
    const given = inside === "" ? [] : inside.split(",").filter((each) => each !== 'tenant="default"');
    if (given.length === wanted.length && wanted.every((each) => given.includes(each))) return Number(value);
  }
  return undefined;
}
