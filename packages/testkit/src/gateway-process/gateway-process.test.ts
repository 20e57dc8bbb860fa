import { expect, test } from "vitest";
import { temporaryDirectory } from "../temporary-directory.ts";
import { startGatewayProcess } from "./gateway-process.ts";

test("a gateway that ends before it is ready fails with what the process said", async () => {
  await using directory = await temporaryDirectory("switchboard-gateway-process-");
  const gateway = startGatewayProcess({
    stateDirectory: directory.path,
    port: 0,
    token: "token",
    form: "source",
    execArgv: ["--no-such-flag"],
  });
  await expect(gateway.ready).rejects.toThrow(/ended before it was ready \(9\)\.\n.*bad option: --no-such-flag/);
  expect(gateway.running).toBe(false);
});
