import { join } from 'node:path';
import type { ShownSettings } from '../shared/protocol/set-up-views.ts';
import type { Settings } from '../shared/settings.ts';
import type { HostCalls } from './host-calls.ts';
import { type HostState, redeem } from './host-state.ts';
import { showSettings, tellSettingsChanged } from './set-up-calls.ts';

type CopyCalls = 'addCopy' | 'changeCopySchedule' | 'forgetCopy' | 'copySnapshots';

/** The copies of the settings, and what they hold. */
export function createCopyCalls(state: HostState): Pick<HostCalls, CopyCalls> {
  return {
    addCopy: (wish) => changeCopies(state, (copies) => [...copies, copyOf(state, wish)]),
    changeCopySchedule: ({ name, schedule }) =>
      changeCopies(state, (copies) => copies.map((copy) => (copy.name === name ? { ...copy, schedule } : copy))),
    copySnapshots: async ({ name }, { signal }) => {
      const snapshots = await state.engine().listCopy(name, { signal });
      return snapshots.map(({ id, createdAt, trigger, status, pinned, note }) => {
        return { id, createdAt, trigger, status, pinned, note };
      });
    },
    forgetCopy: ({ name }) => changeCopies(state, (copies) => copies.filter((copy) => copy.name !== name)),
  };
}

async function changeCopies(
  state: HostState,
  change: (copies: Settings['copies']) => readonly unknown[],
): Promise<ShownSettings> {
  const { settings } = await state.engine().settings();
  await state.engine().changeSetting('copies', JSON.stringify(change(settings.copies)));
  tellSettingsChanged(state);
  return showSettings(state);
}

/** A window names folders by ticket, and remotes by the name that the person's own rclone gives them. */
function copyOf({ folders }: HostState, wish: Parameters<HostCalls['addCopy']>[0]) {
  if (wish.kind === 'rclone') return wish;
  const { kind, name, folder, newFolder } = wish;
  const chosen = redeem(folders.take(folder), 'folder');
  return { kind, name, path: newFolder === undefined ? chosen : join(chosen, newFolder) };
}
