import { type ComponentType, lazy } from 'react';
import { Overview } from '../overview/overview.tsx';
import type { Route } from './routes.ts';

export interface ViewProps {
  readonly route: Route;
}

export interface PanelView {
  readonly component: ComponentType<ViewProps>;
  /** A flow asks one thing after another: without the navigation beside it. */
  readonly isFlow: boolean;
}

/** Every view by the first segment of its address. All but the overview are loaded when they are opened. */
const views: Readonly<Record<string, PanelView>> = {
  '': { component: Overview, isFlow: false },
  activity: {
    component: lazy(async () => ({ default: (await import('../activity/activity.tsx')).ActivityView })),
    isFlow: false,
  },
  'clean-up': {
    component: lazy(async () => ({ default: (await import('../clean-up/clean-up.tsx')).CleanUp })),
    isFlow: false,
  },
  settings: {
    component: lazy(async () => ({ default: (await import('../settings/settings.tsx')).SettingsView })),
    isFlow: false,
  },
  snapshot: {
    component: lazy(async () => ({ default: (await import('../snapshot/snapshot-view.tsx')).SnapshotView })),
    isFlow: false,
  },
  restore: {
    component: lazy(async () => ({ default: (await import('../restore/restore-view.tsx')).RestoreView })),
    isFlow: true,
  },
  undo: {
    component: lazy(async () => ({ default: (await import('../restore/undo-view.tsx')).UndoView })),
    isFlow: true,
  },
  'first-run': {
    component: lazy(async () => ({ default: (await import('../first-run/first-run.tsx')).FirstRunView })),
    isFlow: true,
  },
};

const unknown: PanelView = {
  component: lazy(async () => ({ default: (await import('./unknown-view.tsx')).UnknownView })),
  isFlow: false,
};

export function findView(name: string): PanelView {
  return Object.hasOwn(views, name) ? (views[name] ?? unknown) : unknown;
}
