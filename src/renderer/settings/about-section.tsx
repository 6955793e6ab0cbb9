import { useAction, useCall } from '../client/use-call.ts';
import { Button } from '../components/button.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { GroupRow } from '../components/group.tsx';
import { SettingsSection } from './settings-section.tsx';

const systems: Readonly<Record<string, string>> = { darwin: 'macOS', linux: 'Linux' };

/** Versions, and where the log is: what a report needs. */
export function AboutSection() {
  const { data: about } = useCall('about', {});
  if (about === undefined) return null;
  const { version, nodeVersion, platform, logFolder, can } = about;
  return (
    <SettingsSection title="About">
      <dl className="facts facts-about">
        <div>
          <dt>Codex Auto-Backup</dt>
          <dd>{version}</dd>
        </div>
        <div>
          <dt>Runs on</dt>
          <dd>
            {systems[platform] ?? platform}, Node {nodeVersion}
          </dd>
        </div>
        <div>
          <dt>Log</dt>
          <dd className="path">{logFolder}</dd>
        </div>
      </dl>
      {can.openWindow ? <AnotherWindow /> : null}
    </SettingsSection>
  );
}

function AnotherWindow() {
  const openWindow = useAction('openWindow');
  const open = (): void =>
    openWindow.mutate({}, { onSuccess: ({ href }) => void window.open(href, '_blank', 'noopener') });
  return (
    <>
      <GroupRow
        title="Another window"
        detail="An address is good for one window."
        end={
          <Button size="small" busy={openWindow.isPending} onClick={open}>
            Open…
          </Button>
        }
      />
      {openWindow.isError ? <ErrorState error={openWindow.error} /> : null}
    </>
  );
}
