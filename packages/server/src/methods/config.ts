/** `config.*`. */
import type { SwitchboardError } from "@switchboard/domain";
import { toSwitchboardError } from "@switchboard/domain";
import { type Change, contentOf } from "../config/configuration.ts";
import { type DescribedConfig, describeConfig, lookUp } from "../config/schema-lookup.ts";
import type { CallContext, Handlers } from "../ws/index.ts";
import type { MethodDeps } from "./deps.ts";

type Caller = Pick<CallContext, "actor" | "holds" | "tenant">;

export function configMethods({ channels, configuration, engine, version }: MethodDeps): Handlers {
  let described: Promise<DescribedConfig> | undefined;
  const describe = () => {
    described ??= describeConfig(channels);
    return described;
  };
  const path = ({ holds }: Caller) => (holds("operator.admin") ? { path: configuration.path } : {});

  async function changed(method: string, caller: Caller, change: () => Promise<Change>): Promise<Change> {
    const { actor, tenant } = caller;
    const entry = { actor, action: "config.changed", subject: method };
    try {
      const { applied, restart, ...rest } = await change();
      const detail = { applied: [...applied], restart: [...restart.paths] };
      await engine.store.audit.append(tenant, { ...entry, at: engine.clock.now(), outcome: "ok", detail });
      return { ...rest, ...path(caller), applied, restart };
    } catch (thrown) {
      const error: SwitchboardError = toSwitchboardError(thrown);
      const failure = { ...entry, at: engine.clock.now(), outcome: "failed" as const, detail: { code: error.code } };
      await engine.store.audit.append(tenant, failure).catch(() => {});
      throw error;
    }
  }

  return {
    async "config.get"(_params, caller) {
      return { ...(await configuration.snapshot()), ...path(caller) };
    },
    "config.validate"({ raw }) {
      try {
        const issues = configuration.issuesOf(contentOf(raw));
        return { valid: issues.length === 0, issues };
      } catch (error) {
        return { valid: false, issues: [{ path: "", message: toSwitchboardError(error).message }] };
      }
    },

    "config.set": ({ raw, baseHash }, caller) =>
      changed("config.set", caller, () => configuration.replace(raw, baseHash)),
    "config.apply": ({ raw, baseHash }, caller) =>
      changed("config.apply", caller, () => configuration.replace(raw, baseHash)),
    "config.patch": ({ raw, baseHash, replacePaths }, caller) =>
      changed("config.patch", caller, () => configuration.patch(raw, baseHash, replacePaths)),

    async "config.schema"() {
      const { schema, uiHints } = await describe();
      return { schema, uiHints, version, generatedAt: new Date(engine.startedAt).toISOString() };
    },
    async "config.schema.lookup"({ path: wanted }) {
      return lookUp(await describe(), wanted);
    },
  };
}
