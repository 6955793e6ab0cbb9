import { useCall } from '../client/use-call.ts';
import { GroupRow } from '../components/group.tsx';
import { SettingsSection } from './settings-section.tsx';

/** Who tells the user, while no window is looked at. */
export function NotificationsSection() {
  const { data: about } = useCall('about', {});
  if (about === undefined) return null;
  return (
    <SettingsSection title="Notifications">
      {about.shell === 'app' ? (
        <GroupRow title="By the system" detail="Whether and how they are shown is set in the settings of the system." />
      ) : (
        <GroupRow title="In this window" detail="In a browser the panel tells what is wrong at the top of each view." />
      )}
    </SettingsSection>
  );
}
