import type { Settings } from '../../shared/settings.ts';
import { links } from '../app/routes.ts';
import { ruleSentence } from '../clean-up/rule-sentence.ts';
import { GroupRow } from '../components/group.tsx';
import { useByteBase } from '../components/size.tsx';
import { SettingsSection } from './settings-section.tsx';

/** The rules of cleaning up in one sentence; they are changed where one sees what they do. */
export function RetentionSection({ rules }: { rules: Settings['retention'] }) {
  return (
    <SettingsSection title="Cleaning up">
      <GroupRow
        title={ruleSentence(rules, useByteBase())}
        detail={rules.afterEachSnapshot ? 'After each snapshot, without asking.' : 'Only when you ask.'}
        end={
          <a className="button button-regular button-small" href={links.cleanUp()}>
            Change…
          </a>
        }
      />
    </SettingsSection>
  );
}
