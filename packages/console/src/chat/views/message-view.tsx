/** One message of the transcript. */
import { CircleAlert, RotateCw } from "lucide-react";
import { memo, type ReactNode } from "react";
import { CopyButton } from "../../shared/copy-button.tsx";
import { type Message, textOf } from "../model/conversation.ts";
import { useApp } from "./app-context.ts";
import { Attachment } from "./attachment.tsx";
import { ControlsView } from "./controls-view.tsx";
import { Markdown } from "./markdown.tsx";
import { Thinking } from "./thinking.tsx";

export const MessageView = memo(function MessageView({
  message,
  isNewest,
  status,
}: {
  readonly message: Message;
  /** The conversation's last: only its controls may be used. */
  readonly isNewest: boolean;
  readonly status?: string | undefined;
}): ReactNode {
  const { content, partial, role, sender, timestamp } = message;
  if (role === "note" || role === "system") return <Note message={message} isNewest={isNewest} />;
  const text = textOf(message);
  return (
    <article className={`message ${role}`} aria-label={role === "user" ? (sender ?? "You") : "Agent"}>
      {role === "user" && sender !== undefined && sender !== "Operator" && <p className="sender">{sender}</p>}
      {content.map((part, index) => {
        // Parts never change places: a transcript entry is written once.
        const key = `${part.type}:${index}`;
        switch (part.type) {
          case "text":
            return part.text === "" ? null : <Words key={key} role={role} text={part.text} />;
          case "thinking":
            return <Thinking key={key} text={part.thinking} />;
          case "controls":
            return <ControlsView key={key} controls={part.controls} isActive={isNewest} />;
          default:
            return <Attachment key={key} file={part} />;
        }
      })}
      {partial && <p className="partial">Stopped here.</p>}
      <footer className="message-foot">
        <time dateTime={new Date(timestamp).toISOString()} title={new Date(timestamp).toLocaleString()}>
          {new Date(timestamp).toLocaleTimeString(undefined, { timeStyle: "short" })}
        </time>
        {status && <span className="status">{status}</span>}
        {role === "assistant" && text !== "" && <CopyButton text={text} what="message" />}
      </footer>
    </article>
  );
});

/** What a person typed is shown as typed; what an agent wrote is Markdown. */
export function Words({ role, text }: { readonly role: Message["role"]; readonly text: string }): ReactNode {
  return role === "user" ? <p className="typed">{text}</p> : <Markdown text={text} />;
}

/** Something nobody said: a failure, an edit. */
function Note({ message, isNewest }: { readonly message: Message; readonly isNewest: boolean }): ReactNode {
  const app = useApp();
  const text = textOf(message);
  const isFailure = text.startsWith("The answer failed");
  return (
    <div className={isFailure ? "note-line failure" : "note-line"} role="note">
      {isFailure && <CircleAlert aria-hidden />}
      <span className="note-words">{text}</span>
      {isFailure && isNewest && (
        <button type="button" className="button small" onClick={() => app.again()}>
          <RotateCw aria-hidden /> Try again
        </button>
      )}
    </div>
  );
}
