import type { ReactNode } from 'react';
import type { ShownSettings } from '../../shared/protocol/set-up-views.ts';
import { SettingsSection } from './settings-section.tsx';

/** What a restore runs and expects. A window shows it and can't change it: these are commands of this computer. */
export function RestoreSection({ shown }: { shown: ShownSettings }) {
  const { stop, install, build, start, healthUrls, ports, carryOver, stepSeconds } = shown.settings.restore;
  const rows: readonly (readonly [string, ReactNode])[] = [
    ['Stops Codex', <Command key="stop" words={stop} />],
    ['Installs a service', <Command key="install" words={install} />],
    ['Builds a service', <Command key="build" words={build} />],
    ['Starts Codex', <Command key="start" words={start} />],
    ['Each may take', `${stepSeconds} seconds`],
    ['Must answer afterwards', healthUrls.length === 0 ? '–' : healthUrls.join(', ')],
    ['Must be free when stopped', ports.length === 0 ? '–' : `Ports ${ports.join(', ')}`],
    ['Brought over by a full restore', carryOver.length === 0 ? '–' : <Command key="carryOver" words={carryOver} />],
  ];
  return (
    <SettingsSection
      title="Restore"
      lead="A window can’t change what runs on this computer. Change these on the command line, or in the settings file."
    >
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="setting">
        <p className="field-row-hint">For example</p>
        <code className="command">{'codex-backup settings restore.stop \'["npm","run","codex:stop"]\''}</code>
      </div>
    </SettingsSection>
  );
}

function Command({ words }: { words: readonly string[] }) {
  return <code>{words.join(' ')}</code>;
}
