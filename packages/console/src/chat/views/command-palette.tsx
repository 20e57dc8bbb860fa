/**
 * The chat commands, while a "/" and the beginning of a name is all that is written. Enter runs one, since every
 * argument may be left out; Tab writes it, for those who want to give one.
 */
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { type ChatCommand, matchingCommands } from "../model/commands.ts";

export interface Palette {
  readonly commands: readonly ChatCommand[];
  /** The chosen one's place. */
  readonly at: number;
  run(command: ChatCommand): void;
  /** True when the key was the palette's. */
  onKey(event: KeyboardEvent): boolean;
}

interface PaletteActions {
  run(command: ChatCommand): void;
  complete(command: ChatCommand): void;
}

export function useCommandPalette(text: string, { complete, run }: PaletteActions): Palette {
  const [at, setAt] = useState(0);
  const [closedFor, setClosedFor] = useState<string>();
  const commands = closedFor === text ? [] : matchingCommands(text);
  const place = Math.min(at, Math.max(0, commands.length - 1));

  useEffect(() => {
    if (!text.startsWith("/")) setAt(0);
  }, [text]);

  return {
    commands,
    at: place,
    run,
    onKey(event) {
      if (commands.length === 0) return false;
      const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      const command = commands[place];
      if (step !== 0) setAt((place + step + commands.length) % commands.length);
      else if (event.key === "Escape") setClosedFor(text);
      else if (event.key === "Enter" && !event.shiftKey) command && run(command);
      else if (event.key === "Tab" && !event.shiftKey) command && complete(command);
      else return false;
      event.preventDefault();
      return true;
    },
  };
}

export function CommandPalette({ id, palette }: { readonly id: string; readonly palette: Palette }): ReactNode {
  const { at, commands, run } = palette;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at]);
  return (
    <div ref={list} id={id} className="palette" role="listbox" aria-label="Commands">
      {commands.map((command, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field that has the focus hears the keys
        <div
          key={command.name}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          // The field keeps the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => run(command)}
        >
          <code>
            /{command.name}
            {command.usage && <i> {command.usage}</i>}
          </code>
          <span>{command.description}</span>
        </div>
      ))}
    </div>
  );
}
