/** What stands in a place whose own view failed: one message must never take the page with it. */
import { Component, type ReactNode } from "react";

interface Props {
  /** What the view is made of; when it changes, the view is tried again. */
  readonly of: unknown;
  /** Shown after a failure. Must not be able to fail. */
  readonly show: ReactNode;
  readonly children: ReactNode;
}

interface State {
  readonly failed: boolean;
  readonly of: unknown;
}

export class Instead extends Component<Props, State> {
  override state: State = { failed: false, of: this.props.of };

  static getDerivedStateFromError(): Partial<State> {
    return { failed: true };
  }

  static getDerivedStateFromProps({ of }: Props, before: State): State | null {
    return of === before.of ? null : { failed: false, of };
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.show : this.props.children;
  }
}
