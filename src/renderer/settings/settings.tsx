import { View } from '../app/view.tsx';
import { useCall } from '../client/use-call.ts';
import { Loading } from '../components/loading.tsx';
import { AboutSection } from './about-section.tsx';
import { CoverageSection } from './coverage-section.tsx';
import { FoldersSection } from './folders-section.tsx';
import { ListSetting } from './list-setting.tsx';
import { careFields, watchFields } from './number-fields.ts';
import { NumberSetting } from './number-setting.tsx';
import { ResetSection } from './reset-section.tsx';
import { RestoreSection } from './restore-section.tsx';
import { RetentionSection } from './retention-section.tsx';
import { ScheduleSetting } from './schedule-setting.tsx';
import './settings.css';
import { NotificationsSection } from './notifications-section.tsx';
import { SettingsSection } from './settings-section.tsx';
import { UnreadableSettings } from './unreadable-settings.tsx';

/** Every setting with its unit. Each is saved by itself, as soon as it is right. */
export function SettingsView() {
  const settings = useCall('settings', {});
  const shown = settings.data;
  return (
    <View title="Settings">
      <div className="settings">
        {settings.error !== null ? (
          <UnreadableSettings error={settings.error} onRetry={() => void settings.refetch()} />
        ) : shown === undefined ? (
          <Loading label="Reading the settings" />
        ) : (
          <>
            <FoldersSection shown={shown} />
            <CoverageSection />
            <SettingsSection title="What the code part covers">
              <ListSetting
                name="include"
                label="Included"
                hint="Files and folders of the Codex folder. What does not exist is passed over."
                addLabel="Another file or folder"
                entries={shown.settings.include}
                needsOne
              />
              <ListSetting
                name="exclude"
                label="Left out of these"
                hint="Patterns as in a .gitignore at the top. Always left out: node_modules, dist, logs, .env files."
                addLabel="Another pattern, such as *.tmp"
                entries={shown.settings.exclude}
              />
            </SettingsSection>
            <SettingsSection title="When a snapshot is taken">
              {watchFields.map((field) => (
                <NumberSetting key={field.key} field={field} shown={shown} />
              ))}
              <ScheduleSetting shown={shown} />
            </SettingsSection>
            <RetentionSection rules={shown.settings.retention} />
            <SettingsSection title="Disk and checks">
              {careFields.map((field) => (
                <NumberSetting key={field.key} field={field} shown={shown} />
              ))}
            </SettingsSection>
            <RestoreSection shown={shown} />
            <NotificationsSection shown={shown} />
            <ResetSection file={shown.file} />
          </>
        )}
        <AboutSection />
      </div>
    </View>
  );
}
