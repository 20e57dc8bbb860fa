/**
 * Three columns with borders one can move, by pointer or arrow keys; their widths are kept. Written here since the
 * frames must stay where they are in the document when the columns become a stack: moving a frame loads it again.
 */
import { Children, Fragment, type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from "react";
import { browserStorage } from "../../shared/storage.ts";

/** Shares of the width, in hundredths. */
type Shares = readonly [number, number, number];

const BEGINNING: Shares = [34, 36, 30];
const LEAST = 15;
const STEP = 2;
const storage = browserStorage();

export function Columns({
  isStacked,
  children,
}: {
  readonly isStacked: boolean;
  readonly children: ReactNode;
}): ReactNode {
  const [shares, setShares] = useState<Shares>(readShares);
  const frame = useRef<HTMLDivElement>(null);
  const [isMoving, setMoving] = useState(false);

  const move = (border: 0 | 1, by: number) => {
    setShares((before) => {
      const next = moved(before, border, by);
      storage.write("sandbox.columns", next);
      return next;
    });
  };
  const onPointer = (border: 0 | 1) => (event: PointerEvent) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const width = frame.current?.clientWidth ?? 1;
    move(border, (event.movementX / width) * 100);
  };

  const columns = shares.map((share) => `minmax(0, ${share}fr)`).join(" 7px ");
  return (
    <main
      ref={frame}
      className={isMoving ? "columns moving" : "columns"}
      style={isStacked ? {} : { gridTemplateColumns: columns }}
    >
      {Children.map(children, (child, index) => (
        <Fragment key={String(index)}>
          {index > 0 && !isStacked && (
            <Border
              share={shares[index - 1] ?? 0}
              onMove={(by) => move(index === 1 ? 0 : 1, by)}
              onPointer={onPointer(index === 1 ? 0 : 1)}
              onMoving={setMoving}
              onReset={() => {
                setShares(BEGINNING);
                storage.write("sandbox.columns", undefined);
              }}
            />
          )}
          {child}
        </Fragment>
      ))}
    </main>
  );
}

function Border({
  share,
  onMove,
  onPointer,
  onMoving,
  onReset,
}: {
  readonly share: number;
  onMove(by: number): void;
  onPointer(event: PointerEvent): void;
  onMoving(isMoving: boolean): void;
  onReset(): void;
}): ReactNode {
  const onKey = (event: KeyboardEvent) => {
    const by = event.key === "ArrowLeft" ? -STEP : event.key === "ArrowRight" ? STEP : 0;
    if (by === 0) return;
    event.preventDefault();
    onMove(by);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule that can be moved has no element of its own
    <div
      className="border"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the column before"
      aria-valuenow={Math.round(share)}
      aria-valuemin={LEAST}
      aria-valuemax={100 - 2 * LEAST}
      tabIndex={0}
      title="Drag, or use the arrow keys; double-click for the first widths"
      onKeyDown={onKey}
      onDoubleClick={onReset}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        onMoving(true);
      }}
      onPointerMove={onPointer}
      onLostPointerCapture={() => onMoving(false)}
    />
  );
}

/** The border between two columns moves; both keep a least width. */
function moved([first, second, third]: Shares, border: 0 | 1, by: number): Shares {
  const [left, right] = border === 0 ? [first, second] : [second, third];
  const fits = Math.min(Math.max(by, LEAST - left), right - LEAST);
  return border === 0 ? [left + fits, right - fits, third] : [first, left + fits, right - fits];
}

function readShares(): Shares {
  const kept = storage.read("sandbox.columns");
  const isSound =
    Array.isArray(kept) && kept.length === 3 && kept.every((each) => typeof each === "number" && each >= LEAST);
  return isSound ? (kept as unknown as Shares) : BEGINNING;
}
