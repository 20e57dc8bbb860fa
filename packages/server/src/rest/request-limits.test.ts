/** Two nodes on one PostgreSQL database count a tenant's requests together. */
import { SwitchboardError, type TenantId } from "@switchboard/domain";
import { ROUTES } from "@switchboard/protocol/rest";
import { openPostgresStore } from "@switchboard/store/postgres";
import { missingServer, startServer } from "@switchboard/testkit/postgres-server";
import { expect, it } from "vitest";
import { RequestLimits } from "./request-limits.ts";

const [ONE, TWO] = ["one", "two"] as TenantId[] as [TenantId, TenantId];
const CHANNELS = { calls: 10, seconds: 60 };
const INVITATIONS = { calls: 1, seconds: 60 };

const missing = missingServer();
it.skipIf(missing !== undefined)(
  `TEN-5 TEN-7 two nodes let through together what one would${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  async () => {
    const server = await startServer();
    try {
      const url = server.url(await server.createDatabase());
      const stores = await Promise.all([openPostgresStore({ url }), openPostgresStore({ url })]);
      let now = 1_000_000;
      const [first, second] = stores.map(
        ({ rates }) =>
          new RequestLimits({
            rates,
            clock: { now: () => now },
            limits: { channels: CHANNELS, invitations: INVITATIONS, reports: CHANNELS },
          }),
      );
      if (!first || !second) throw new Error("the nodes did not open");
      const ask = async (node: RequestLimits, tenant = ONE, name: keyof typeof ROUTES = "channels.connect") => {
        const headers: Record<string, string> = {};
        const tell = (header: string, value: string) => {
          headers[header] = value;
        };
        const refusal = await node.take(name, ROUTES[name], tenant, tell).then(
          () => undefined,
          (error: unknown) => error as SwitchboardError,
        );
        if (refusal !== undefined && !(refusal instanceof SwitchboardError)) throw refusal;
        return { refusal, headers };
      };

      const asked = await Promise.all(Array.from({ length: 30 }, (_, index) => ask(index % 2 ? first : second)));
      expect(asked.filter(({ refusal }) => refusal === undefined)).toHaveLength(CHANNELS.calls);
      expect(new Set(asked.flatMap(({ refusal }) => refusal?.code ?? []))).toEqual(new Set(["SEC_011"]));

      now += 45_000;
      for (const node of [first, second]) {
        const { headers, refusal } = await ask(node);
        expect(refusal).toMatchObject({ code: "SEC_011", retryAfterMs: 15_000 });
        expect(headers).toEqual({
          "ratelimit-policy": '"channels.connect";q=10;w=60',
          ratelimit: '"channels.connect";r=0;t=15',
        });
      }
      // Others, and other routes, are not held up by that.
      expect((await ask(first, TWO)).headers.ratelimit).toBe('"channels.connect";r=9;t=60');
      expect((await ask(second, TWO)).headers.ratelimit).toBe('"channels.connect";r=8;t=60');
      expect((await ask(first, ONE, "channels.disconnect")).refusal).toBeUndefined();
      expect((await ask(first, ONE, "members.invite")).refusal).toBeUndefined();
      expect((await ask(second, ONE, "members.invite")).refusal).toMatchObject({ code: "SEC_011" });
      expect(await ask(first, ONE, "channels.status")).toEqual({ refusal: undefined, headers: {} });

      now += 15_000;
      expect((await ask(second)).headers.ratelimit).toBe('"channels.connect";r=9;t=60');
      await Promise.all(stores.map((store) => store.close()));
    } finally {
      await server.stop();
    }
  },
);
