/** Somebody who opens the page on which Slack asks whether the app may come in, and answers. */

/** Where they are sent back to. */
export async function letIn(address: string, workspace: string, decision: "allow" | "cancel" = "allow"): Promise<URL> {
  const page = await fetch(address);
  const html = await page.text();
  if (page.status !== 200) throw new Error(`no page: ${html}`);
  const fields = [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)];
  const form = new URLSearchParams(
    fields.map(([, name = "", value = ""]): [string, string] => [name, unescaped(value)]),
  );
  form.set("workspace", workspace);
  form.set("decision", decision);
  const url = new URL("/oauth/v2/authorize", address);
  const answer = await fetch(url, { method: "POST", body: form, redirect: "manual" });
  const location = answer.headers.get("location");
  if (location === null) throw new Error(`nobody is sent back: ${await answer.text()}`);
  return new URL(location);
}

function unescaped(text: string): string {
  return text.replaceAll(/&#(\d+);/g, (_whole, code: string) => String.fromCharCode(Number(code)));
}
