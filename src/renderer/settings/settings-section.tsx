import { type ReactNode, useId } from 'react';
import { Group } from '../components/group.tsx';

export interface SettingsSectionProps {
  readonly title: string;
  readonly lead?: ReactNode;
  /** False: what is inside brings its own boxes. */
  readonly isGroup?: boolean;
  readonly children: ReactNode;
}

/** Settings that belong together, under a heading. */
export function SettingsSection({ title, lead, isGroup = true, children }: SettingsSectionProps) {
  const id = useId();
  return (
    <section className="settings-section" aria-labelledby={id}>
      <h2 id={id} className="head">
        {title}
      </h2>
      {lead === undefined ? null : <p className="settings-lead">{lead}</p>}
      {isGroup ? <Group>{children}</Group> : children}
    </section>
  );
}
