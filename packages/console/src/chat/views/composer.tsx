/** Where one writes. Enter sends, Shift+Enter makes a line, "/" offers commands, arrow-up brings back what was said. */
import { ArrowUp, Paperclip, Square } from "lucide-react";
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useMedia } from "../../shared/use-media.ts";
import { useSignal } from "../../shared/use-signal.ts";
import type { ChatCommand } from "../model/commands.ts";
import { EMPTY_DRAFT } from "../state/drafts.ts";
import { useApp } from "./app-context.ts";
import { CommandPalette, useCommandPalette } from "./command-palette.tsx";
import { FileChips } from "./file-chips.tsx";
import { useRecall } from "./use-recall.ts";

export function Composer({
  session,
  isWorking,
  deliver,
  attach,
}: {
  readonly session: string;
  readonly isWorking: boolean;
  readonly deliver: boolean;
  attach(files: Iterable<File>): void;
}): ReactNode {
  const app = useApp();
  const draft = app.drafts.of(session);
  const { files, text } = useSignal(draft);
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const hasKeyboard = useMedia("(hover: hover) and (pointer: fine)");
  const [isComposing, setComposing] = useState(false);
  const recall = useRecall(session);
  const id = useId();
  const canSend = text.trim() !== "" || files.length > 0;

  const write = (next: string) => draft.update((before) => ({ ...before, text: next }));
  const send = (words = text) => {
    if (words.trim() === "" && files.length === 0) return;
    app.send(words, files, deliver);
    draft.set(EMPTY_DRAFT);
    recall.reset();
    field.current?.focus();
  };
  const palette = useCommandPalette(text, {
    run: ({ name }: ChatCommand) => send(`/${name}`),
    complete({ name }: ChatCommand) {
      write(`/${name} `);
      field.current?.focus();
    },
  });

  // As soon as there is a line: files of an earlier visit too.
  const line = useSignal(app.gateway.state).name;
  useEffect(() => {
    if (line !== "connected") return;
    for (const file of files) {
      if (file.blob !== undefined || app.uploads.states.get().get(file.id)?.state === "failed") continue;
      app.uploads.upload(file).then(
        (done) =>
          draft.update((before) => ({
            ...before,
            files: before.files.map((each) => (each.id === done.id ? done : each)),
          })),
        () => {},
      );
    }
  }, [app, draft, files, line]);

  useLayoutEffect(() => fitHeight(field.current, text), [text]);
  useEffect(() => {
    // On a touch screen the keyboard would jump up and hide the conversation.
    if (hasKeyboard) field.current?.focus();
  }, [hasKeyboard]);

  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // While an input method composes, Enter belongs to it.
    if (isComposing || event.nativeEvent.isComposing) return;
    if (palette.onKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey && hasKeyboard) {
      event.preventDefault();
      send();
      return;
    }
    const recalled = recall.onKey(event, text);
    if (recalled !== undefined) write(recalled);
  };

  const onPaste = (event: ClipboardEvent) => {
    const pasted = [...event.clipboardData.files];
    if (pasted.length === 0) return;
    event.preventDefault();
    attach(pasted);
  };

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {palette.commands.length > 0 && <CommandPalette id={`${id}-commands`} palette={palette} />}
      <FileChips
        files={files}
        drop={(file) => {
          app.uploads.drop(file);
          draft.update((before) => ({ ...before, files: before.files.filter(({ id: other }) => other !== file.id) }));
        }}
      />
      <div className="composer-row">
        <button
          type="button"
          className="icon-button"
          onClick={() => picker.current?.click()}
          aria-label="Attach files"
          title="Attach files"
        >
          <Paperclip aria-hidden />
        </button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            attach(event.target.files ?? []);
            event.target.value = "";
          }}
        />
        <textarea
          ref={field}
          rows={1}
          value={text}
          placeholder="Write a message"
          aria-label="Message"
          aria-autocomplete="list"
          aria-controls={palette.commands.length > 0 ? `${id}-commands` : undefined}
          aria-activedescendant={palette.commands.length > 0 ? `${id}-commands-${palette.at}` : undefined}
          onChange={(event) => {
            write(event.target.value);
            recall.reset();
          }}
          onKeyDown={onKey}
          onPaste={onPaste}
          onCompositionStart={() => setComposing(true)}
          onCompositionEnd={() => setComposing(false)}
        />
        {isWorking && !canSend ? (
          <button
            type="button"
            className="send stop"
            onClick={() => void app.stop()}
            aria-label="Stop the answer"
            title="Stop (Esc)"
          >
            <Square aria-hidden />
          </button>
        ) : (
          <button type="submit" className="send" disabled={!canSend} aria-label="Send" title="Send (Enter)">
            <ArrowUp aria-hidden />
          </button>
        )}
      </div>
    </form>
  );
}

/** As high as its text, up to what the style allows. */
function fitHeight(field: HTMLTextAreaElement | null, _text: string): void {
  if (!field) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}
