/** All the steps of a message, as the gateway wrote them down. */
import type { FullTrace, TracedMessage } from "@switchboard/sandbox";
import { type ReactNode, useEffect, useState } from "react";
import { CopyButton } from "../../shared/copy-button.tsx";
import { duration } from "../../shared/words.ts";
import { moodOf } from "../model/messages.ts";
import type { SandboxApp } from "../sandbox-app.ts";

export function TraceDetail({
  app,
  message,
}: {
  readonly app: SandboxApp;
  readonly message: TracedMessage;
}): ReactNode {
  const [written, setWritten] = useState<FullTrace>();
  const [trouble, setTrouble] = useState<string>();
  const asked = message.ids[0] ?? message.id;
  const { steps } = message;

  // biome-ignore lint/correctness/useExhaustiveDependencies: read again with every step
  useEffect(() => {
    let isWanted = true;
    app.trace(asked).then(
      (trace) => {
        if (!isWanted) return;
        setWritten(trace);
        setTrouble(undefined);
      },
      (error: unknown) => isWanted && setTrouble(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      isWanted = false;
    };
  }, [app, asked, steps.length]);

  const begin = steps[0]?.at ?? 0;
  const { events = [], turn, deliveries = [] } = written ?? {};
  const ids = written ? [...events, ...(turn === undefined ? [] : [turn]), ...deliveries] : message.ids;
  return (
    <div className="trace-detail">
      {message.summary && <p className="trace-summary">{message.summary}</p>}
      <ol>
        {steps.map(({ at, detail, step, subject }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: in order, and only ever added to
          <li key={index} className={moodOf(step)}>
            <span className="step-at">+{duration(at - begin)}</span>
            <span className="step-name">{step}</span>
            <span className="step-of">{kindOf(subject)}</span>
            {detail !== undefined && <code className="step-detail">{wordsOf(detail)}</code>}
          </li>
        ))}
      </ol>
      <dl>
        {message.session && <Fact name="session" value={message.session} />}
        {ids.map((id) => (
          <Fact key={id} name={kindOf(id)} value={id} />
        ))}
      </dl>
      {trouble && <p className="trace-trouble">The written trace cannot be read right now: {trouble}</p>}
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <code>{value}</code> <CopyButton text={value} what={name} />
      </dd>
    </>
  );
}

/** Ids begin with what they are of. */
function kindOf(id: string): string {
  const [prefix = ""] = id.split("_");
  return KINDS[prefix] ?? prefix;
}

const KINDS: Readonly<Record<string, string>> = { evt: "event", trn: "turn", dlv: "delivery" };

function wordsOf(detail: unknown): string {
  if (typeof detail !== "object" || detail === null) return String(detail);
  return Object.entries(detail)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}
