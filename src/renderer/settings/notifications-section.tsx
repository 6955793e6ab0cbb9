import { useEffect, useState } from 'react';
import type { AppBridge, NotificationState } from '../../shared/app-bridge.ts';
import type { ShownSettings } from '../../shared/protocol/set-up-views.ts';
import { appBridge } from '../client/app-bridge.ts';
import { Callout } from '../components/callout.tsx';
import { CheckField } from '../components/field.tsx';
import { GroupRow } from '../components/group.tsx';
import { noticeLevels, notificationProblem } from './notice-levels.ts';
import { SettingsSection } from './settings-section.tsx';
import { useSetting } from './use-setting.ts';

/** Who tells the user, while no window is looked at. */
export function NotificationsSection({ shown }: { shown: ShownSettings }) {
  const bridge = appBridge();
  return (
    <SettingsSection title="Notifications">
      {bridge === undefined ? (
        <GroupRow title="In this window" detail="In a browser the panel tells what is wrong at the top of each view." />
      ) : (
        <>
          <Problem bridge={bridge} />
          {noticeLevels.map((level) => (
            <LevelRow key={level.key} level={level} isOn={shown.settings.notify[level.key]} />
          ))}
        </>
      )}
    </SettingsSection>
  );
}

function LevelRow({ level, isOn }: { level: (typeof noticeLevels)[number]; isOn: boolean }) {
  const setting = useSetting(`notify.${level.key}`, undefined, false);
  const detail = setting.error ?? setting.note ?? level.detail;
  return (
    <GroupRow
      title={
        <CheckField
          label={level.label}
          detail={detail}
          checked={isOn}
          disabled={setting.isSaving}
          onChange={(event) => void setting.save(event.target.checked ? null : 'false')}
        />
      }
    />
  );
}

/** The system shows none: then the icon alone tells how things stand. */
function Problem({ bridge }: { bridge: AppBridge }) {
  const [state, setState] = useState<NotificationState>('shown');
  useEffect(() => {
    let isOver = false;
    bridge.notifications().then(
      (answer) => {
        if (!isOver) setState(answer);
      },
      () => undefined,
    );
    return () => {
      isOver = true;
    };
  }, [bridge]);
  const problem = notificationProblem(state);
  return problem === undefined ? null : <Callout title={problem.title}>{problem.text}</Callout>;
}
