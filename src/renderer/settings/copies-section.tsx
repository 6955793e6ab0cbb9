import { type FormEvent, useState } from 'react';
import type { Settings } from '../../shared/settings.ts';
import { useAction } from '../client/use-call.ts';
import { useJobs, useStartJob } from '../client/use-jobs.ts';
import { Button } from '../components/button.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Field } from '../components/field.tsx';
import { GroupRow } from '../components/group.tsx';
import '../copies/copies.css';
import { jobOutcome } from '../../shared/job-words.ts';
import { ruleSentence } from '../clean-up/rule-sentence.ts';
import { useByteBase } from '../components/size.tsx';
import { FolderDialog } from '../folders/folder-dialog.tsx';
import { CopySchedule } from './copy-schedule.tsx';
import { SettingsSection } from './settings-section.tsx';

/** Second homes of the snapshots: each can be tried and taken out; its retention is set in the file. */
export function CopiesSection({ copies }: { copies: Settings['copies'] }) {
  return (
    <SettingsSection
      title="Copies elsewhere"
      lead="A folder on another disk or a NAS, or a remote that rclone on this computer knows."
    >
      {copies.map((copy) => (
        <CopyRow key={copy.name} copy={copy} />
      ))}
      {copies.length === 0 ? null : (
        <p className="copy-note">
          What a copy keeps is set in the settings file, or with <code>codex-backup settings copies</code>.
        </p>
      )}
      <AddCopy names={copies.map(({ name }) => name)} />
    </SettingsSection>
  );
}

function CopyRow({ copy }: { copy: Settings['copies'][number] }) {
  const start = useStartJob();
  const forget = useAction('forgetCopy');
  const job = useJobs().findLast(({ kind, copy: name }) => kind === 'testCopy' && name === copy.name);
  const outcome = job === undefined || job.state === 'running' ? '' : jobOutcome(job);
  return (
    <GroupRow
      title={copy.name}
      detail={
        <>
          <span className="path">{copy.kind === 'folder' ? copy.path : copy.remote}</span>
          <span className="path-note">{ruleSentence(copy.retention, useByteBase())}</span>
          <span className="path-note" role="status">
            {outcome} {job?.state === 'failed' ? job.error?.hint : null}
          </span>
          {forget.isError ? <ErrorState error={forget.error} /> : null}
          {start.isError ? <ErrorState error={start.error} /> : null}
        </>
      }
      end={
        <>
          <CopySchedule copy={copy} />
          <Button
            size="small"
            busy={start.isPending || job?.state === 'running'}
            aria-label={`Test ${copy.name}`}
            onClick={() => start.mutate({ job: { kind: 'testCopy', name: copy.name } })}
          >
            Test
          </Button>
          <Button
            size="small"
            busy={forget.isPending}
            aria-label={`Take out ${copy.name}`}
            onClick={() => forget.mutate({ name: copy.name })}
          >
            Take out
          </Button>
        </>
      }
    />
  );
}

/** A name that no copy has yet: `disk`, `disk-2`. */
function freeName(wanted: string, names: readonly string[]): string {
  const choices = [wanted, ...names.map((_, index) => `${wanted}-${index + 2}`)];
  return choices.find((name) => !names.includes(name)) ?? wanted;
}

function AddCopy({ names }: { names: readonly string[] }) {
  const add = useAction('addCopy');
  const [isChoosing, setChoosing] = useState(false);
  const [remote, setRemote] = useState('');
  const addRemote = (event: FormEvent) => {
    event.preventDefault();
    const name = freeName('cloud', names);
    add.mutate({ kind: 'rclone', name, remote: remote.trim() }, { onSuccess: () => setRemote('') });
  };
  return (
    <div className="copy-add">
      <Button size="small" onClick={() => setChoosing(true)}>
        Add a folder…
      </Button>
      <form className="copy-remote" onSubmit={addRemote}>
        <Field
          label="A remote of rclone, such as vault:codex"
          hideLabel
          placeholder="vault:codex"
          value={remote}
          onChange={({ target }) => setRemote(target.value)}
        />
        <Button type="submit" size="small" busy={add.isPending} disabled={remote.trim() === ''}>
          Add
        </Button>
      </form>
      {add.isError && !isChoosing ? <ErrorState error={add.error} /> : null}
      {isChoosing ? (
        <FolderDialog
          title="Choose a folder for the copy"
          lead="On another disk than the backups. Nothing is written there before you test it or copy to it."
          newName="codex-copy"
          isBusy={add.isPending}
          error={add.error}
          onChoose={({ folder, name }) =>
            add.mutate(
              {
                kind: 'folder',
                name: freeName('disk', names),
                folder,
                ...(name === undefined ? {} : { newFolder: name }),
              },
              { onSuccess: () => setChoosing(false) },
            )
          }
          onClose={() => setChoosing(false)}
        />
      ) : null}
    </div>
  );
}
