import { ArrowLeft } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import './view.css';
import { useWide } from './use-wide.ts';

export interface ViewProps {
  /** Heading, and the window's title. */
  readonly title: string;
  /** Instead of the title on the screen: a title with a part that isn't words. */
  readonly heading?: ReactNode;
  /** Where the arrow before the title leads; in a narrow panel only, unless `alwaysBack`. */
  readonly back?: { readonly label: string; readonly href: string };
  readonly alwaysBack?: boolean;
  /** At the end of the bar. */
  readonly actions?: ReactNode;
  /** Below what scrolls: the bar of a flow. */
  readonly foot?: ReactNode;
  /** False: the content scrolls by itself, in parts. */
  readonly scroll?: boolean;
  readonly children: ReactNode;
}

let isFirst = true;

/** A view with its bar. On coming here the heading takes the focus, so that screen readers say where one is. */
export function View({ title, heading, back, alwaysBack = false, actions, foot, scroll = true, children }: ViewProps) {
  const wide = useWide();
  const focus = useViewFocus(title);
  return (
    <main className="view">
      <header className="view-bar">
        {back !== undefined && (alwaysBack || !wide) ? (
          <a className="button button-plain button-small button-icon" href={back.href} aria-label={back.label}>
            <ArrowLeft aria-hidden />
          </a>
        ) : null}
        <h1 ref={focus} tabIndex={-1} className="view-title">
          {heading ?? title}
        </h1>
        {actions === undefined ? null : <div className="view-actions">{actions}</div>}
      </header>
      {scroll ? (
        <div className="view-scroll" data-scroll>
          {children}
        </div>
      ) : (
        <div className="view-parts">{children}</div>
      )}
      {foot === undefined ? null : <footer className="view-foot">{foot}</footer>}
    </main>
  );
}

/** For a view without a bar: names the window, and gives the heading with this ref the focus on arrival. */
export function useViewFocus(title: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Codex Auto-Backup`;
  }, [title]);
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true });
    isFirst = false;
  }, []);
  return heading;
}
