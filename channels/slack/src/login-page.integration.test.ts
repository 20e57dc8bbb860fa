/** A tenant's account that is made on Slack's page, by the REST API: the steps, the way back, and the token that ends. */
import { expect, it } from "vitest";
import { gatewayAndSlack } from "./gateway-and-slack.test.helper.ts";
import { letIn } from "./let-in.test.helper.ts";

it("TEN-1 CRED-2 a login opens Slack's page, comes back once, and connects the workspace with a token that is renewed", {
  timeout: 90_000,
}, async () => {
  await using it = await gatewayAndSlack("websocket");
  const call = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${it.base}/api/v1/channels/slack/login${path}`, {
      method,
      headers: { authorization: `Bearer ${it.token}`, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const home = { ...it.simulator.accountConfig({ transport: "websocket" }), ...it.simulator.clientConfig() };
  const { appToken, baseUrl, clientId, clientSecret } = home as Record<string, unknown>;
  const credential = { appToken, baseUrl, clientId, clientSecret };
  // From now on the app's tokens end.
  it.simulator.rotateTokens();

  const refused = await call("POST", "", { credential });
  const cancelled = await letIn(String(refused.body.url), "Acme", "cancel");
  expect(await (await fetch(cancelled)).text()).toContain("access_denied");
  expect((await call("GET", `/${refused.body.id}`)).body).toMatchObject({
    state: "failed",
    error: { code: "REQ_001" },
  });

  const begun = await call("POST", "", { credential });
  expect([begun.status, begun.body.kind, begun.body.state]).toEqual([201, "redirect", "redirect"]);
  const back = await letIn(String(begun.body.url), "Acme");
  const page = await fetch(back);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("The account is connected.")]);
  expect((await call("GET", `/${begun.body.id}`)).body).toMatchObject({ state: "done", accountId: "tenant-default" });
  expect((await it.states())["tenant-default"]).toBe("CONNECTED");
  const again = await fetch(back);
  expect([again.status, await again.text()]).toEqual([401, expect.stringContaining("SEC_002")]);
  const said = JSON.stringify([begun, it.log]);
  expect(said).not.toContain(String(clientSecret));
});
