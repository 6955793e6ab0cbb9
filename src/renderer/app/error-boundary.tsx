import { Component, type ReactNode } from 'react';
import { ErrorState } from '../components/error-state.tsx';

/** A defect of one view must not take the panel with it: says so in the view's place. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state = { error: undefined };

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error: error ?? new Error('Something was thrown that is nothing.') };
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return <ErrorState error={this.state.error} onRetry={() => this.setState({ error: undefined })} fill />;
  }
}
