import { History, ListChecks, PanelsTopLeft, Settings } from 'lucide-react';
import type { ReactNode } from 'react';
import { StateBadge } from './state-badge.tsx';
import './navigation.css';
import { links, type Route } from './routes.ts';

const places = [
  { view: '', label: 'Overview', href: links.overview(), icon: PanelsTopLeft },
  { view: 'activity', label: 'Activity', href: links.activity(), icon: History },
  { view: 'clean-up', label: 'Clean up', href: links.cleanUp(), icon: ListChecks },
  { view: 'settings', label: 'Settings', href: links.settings(), icon: Settings },
] as const;

/** The way to every view: a sidebar where there is room, else a bar at the bottom. */
export function Navigation({ route, wide = false }: { route: Route; wide?: boolean }) {
  return (
    <Bar wide={wide} showState={route.view !== ''}>
      <nav aria-label="Views">
        <ul className="places">
          {places.map(({ view, label, href, icon: Icon }) => (
            <li key={view}>
              <a className="place" href={href} {...(isAt(route, view) ? { 'aria-current': 'page' } : {})}>
                <Icon aria-hidden />
                <span>{label}</span>
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </Bar>
  );
}

/** The overview says the state by itself, and larger. */
function Bar({ wide, showState, children }: { wide: boolean; showState: boolean; children: ReactNode }) {
  if (!wide) return <div className="bottom-bar">{children}</div>;
  return (
    <aside className="sidebar" aria-label="State and views">
      {children}
      {showState ? <StateBadge /> : null}
    </aside>
  );
}

/** A snapshot belongs to the overview's list. */
function isAt(route: Route, view: string): boolean {
  return route.view === view || (view === '' && route.view === 'snapshot');
}
