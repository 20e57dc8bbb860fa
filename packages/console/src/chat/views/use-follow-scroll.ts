/**
 * Keeps the newest words in sight while they come, gently, and lets go as soon as the reader scrolls up. While they
 * read further up, whatever grows or is put above keeps the line they read where it is.
 */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** So near to the end counts as there. */
const NEAR_PX = 48;
/** Of the way that is left, each frame. */
const STEP = 0.22;

interface Follow {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  readonly isFollowing: boolean;
  toEnd(): void;
}

/** `jump`: whenever it changes to something new, the reader is taken to the end. */
export function useFollowScroll(jump: string | undefined): Follow {
  const scroller = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const [isFollowing, setFollowing] = useState(true);
  const follow = useRef<Follower | undefined>(undefined);

  useLayoutEffect(() => {
    if (!scroller.current || !content.current) return;
    const follower = new Follower(scroller.current, content.current, setFollowing);
    follow.current = follower;
    return () => follower.stop();
  }, []);

  useEffect(() => {
    if (jump !== undefined) follow.current?.toEnd();
  }, [jump]);

  return { scroller, content, isFollowing, toEnd: useCallback(() => follow.current?.toEnd(), []) };
}

class Follower {
  readonly #scroller: HTMLElement;
  readonly #content: HTMLElement;
  readonly #tell: (following: boolean) => void;
  readonly #observer: ResizeObserver;
  readonly #calm = matchMedia("(prefers-reduced-motion: reduce)");
  #following = true;
  #lastTop = 0;
  #lastHeight = 0;
  #frame = 0;
  /** The message the reader looks at, and where it stood when the content was scrolled so far. */
  #anchor: { readonly element: Element; readonly top: number; readonly scrollTop: number } | undefined;
  #hasSettled = false;

  constructor(scroller: HTMLElement, content: HTMLElement, tell: (following: boolean) => void) {
    this.#scroller = scroller;
    this.#content = content;
    this.#tell = tell;
    this.#observer = new ResizeObserver(() => this.#resized());
    this.#observer.observe(content);
    this.#observer.observe(scroller);
    scroller.addEventListener("scroll", this.#scrolled, { passive: true });
    scroller.addEventListener("wheel", this.#wheel, { passive: true });
    scroller.addEventListener("touchmove", this.#touched, { passive: true });
    this.#jump();
  }

  stop(): void {
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#scroller.removeEventListener("scroll", this.#scrolled);
    this.#scroller.removeEventListener("wheel", this.#wheel);
    this.#scroller.removeEventListener("touchmove", this.#touched);
  }

  toEnd(): void {
    this.#become(true);
    this.#glide();
  }

  get #left(): number {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - clientHeight - scrollTop;
  }

  readonly #wheel = ({ deltaY }: WheelEvent): void => {
    if (deltaY < 0 && this.#scroller.scrollHeight > this.#scroller.clientHeight) this.#become(false);
  };

  /** A finger that rests on the text must be able to hold it. */
  readonly #touched = (): void => cancelAnimationFrame(this.#frame);

  readonly #scrolled = (): void => {
    const { scrollTop, scrollHeight } = this.#scroller;
    // Upwards although nothing shrank: that was the reader, by scroll bar, key or finger.
    const wentUp = scrollTop < this.#lastTop - 1 && scrollHeight >= this.#lastHeight;
    if (wentUp && this.#left > NEAR_PX) this.#become(false);
    else if (this.#left <= NEAR_PX) this.#become(true);
    // Who is scrolling while something is put above must not be thrown off: this comes before the resize is told.
    if (!this.#following) this.#hold();
    this.#lastTop = this.#scroller.scrollTop;
    this.#lastHeight = scrollHeight;
  };

  #resized(): void {
    if (this.#following) {
      const isFirst = !this.#hasSettled && this.#scroller.scrollHeight > this.#scroller.clientHeight;
      if (isFirst) this.#jump();
      else this.#glide();
      return;
    }
    this.#hold();
  }

  /** Takes back what changes of the content moved; what the reader scrolled stays. */
  #hold(): void {
    if (this.#anchor?.element.isConnected) {
      const { element, scrollTop, top } = this.#anchor;
      const scrolled = this.#scroller.scrollTop - scrollTop;
      const shift = element.getBoundingClientRect().top - (top - scrolled);
      if (Math.abs(shift) >= 1) this.#scroller.scrollTop += shift;
    }
    this.#remember();
  }

  /** The first opened conversation stands at its end at once; only what comes later glides. */
  #jump(): void {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#lastTop = this.#scroller.scrollTop;
    this.#hasSettled = this.#scroller.scrollHeight > this.#scroller.clientHeight;
  }

  #glide(): void {
    cancelAnimationFrame(this.#frame);
    // Far away, or for those who do not like motion: at once.
    if (this.#calm.matches || this.#left > 2 * this.#scroller.clientHeight) {
      this.#jump();
      return;
    }
    const step = () => {
      const left = this.#left;
      if (!this.#following || left <= 0.5) return;
      this.#scroller.scrollTop += Math.max(1, left * STEP);
      this.#lastTop = this.#scroller.scrollTop;
      this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }

  #remember(): void {
    const edge = this.#scroller.getBoundingClientRect().top;
    // Only messages stay where they are among the others: notes about loading go, a day's name moves to its first message.
    for (const element of this.#content.querySelectorAll(":scope > article")) {
      const { top, bottom } = element.getBoundingClientRect();
      if (bottom > edge + 1 && bottom > top) {
        this.#anchor = { element, top, scrollTop: this.#scroller.scrollTop };
        return;
      }
    }
    this.#anchor = undefined;
  }

  #become(following: boolean): void {
    if (following === this.#following) return;
    this.#following = following;
    this.#tell(following);
    if (following) this.#anchor = undefined;
    else {
      cancelAnimationFrame(this.#frame);
      this.#remember();
    }
  }
}
