import type { AppView } from './app-view.ts';

/** Opens the panel when a job asks something: whoever has chosen it in the menu sees no window that could ask. */
export function showQuestions(show: () => void): (view: AppView) => void {
  const shown = new Set<string>();
  return ({ jobs }) => {
    const asking = jobs.filter(({ id, question }) => question !== null && !shown.has(id));
    for (const { id } of asking) shown.add(id);
    if (asking.length > 0) show();
  };
}
