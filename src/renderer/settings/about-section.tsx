import { useCall } from '../client/use-call.ts';
import { SettingsSection } from './settings-section.tsx';

const systems: Readonly<Record<string, string>> = { darwin: 'macOS', linux: 'Linux' };

/** Versions, and where the log is: what a report needs. */
export function AboutSection() {
  const { data: about } = useCall('about', {});
  if (about === undefined) return null;
  const { version, nodeVersion, platform, logFolder } = about;
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
    </SettingsSection>
  );
}
