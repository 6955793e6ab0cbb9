import { FlaskConical, Folder } from 'lucide-react';
import { useState } from 'react';
import { formatCount } from '../../shared/format.ts';
import type { FirstRun, RootCandidate } from '../../shared/protocol/set-up-views.ts';
import { useAction, useCall } from '../client/use-call.ts';
import { useJobs, useStartJob } from '../client/use-jobs.ts';
import { Button } from '../components/button.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Group, GroupRow } from '../components/group.tsx';
import { useSizes } from '../components/size.tsx';
import { FolderDialog } from '../folders/folder-dialog.tsx';

/** Where is Codex? What was found, a folder of the user's choice, or a sample to try. */
export function RootQuestion({ firstRun }: { firstRun: FirstRun }) {
  const sizes = useSizes();
  const choose = useAction('chooseRoot');
  const { refetch } = useCall('firstRun', {});
  const [isAsking, setAsking] = useState(false);
  const { root, candidates } = firstRun;
  const current = candidates.find(({ path }) => path === root);
  const others = candidates.filter(({ path }) => path !== root);
  return (
    <section className="first-part">
      <h2 className="head">Where is Codex?</h2>
      {root === null && candidates.length === 0 ? (
        <p className="first-lead">It was not found in the usual places.</p>
      ) : null}
      <Group>
        {root === null ? null : (
          <GroupRow
            icon={<Folder aria-hidden />}
            title={<span className="path-words">{root}</span>}
            detail={current === undefined ? undefined : `Found: ${describe(current, sizes)}`}
            end={<Choose onClick={() => setAsking(true)} />}
          />
        )}
        {root === null
          ? others.map((candidate) => (
              <GroupRow
                key={candidate.path}
                icon={<Folder aria-hidden />}
                title={<span className="path-words">{candidate.path}</span>}
                detail={describe(candidate, sizes)}
                end={
                  <Button
                    size="small"
                    busy={choose.isPending}
                    aria-label={`Use this one: ${candidate.path}`}
                    // A ticket is used up, also where the choice was refused.
                    onClick={() => choose.mutate({ folder: candidate.folder }, { onError: () => void refetch() })}
                  >
                    Use this one
                  </Button>
                }
              />
            ))
          : null}
        {root === null ? (
          <GroupRow
            icon={<Folder aria-hidden />}
            title="Another folder"
            detail="The one that holds codex-brain and the other services"
            end={<Choose onClick={() => setAsking(true)} />}
          />
        ) : null}
        {root === null ? <SampleRow /> : null}
      </Group>
      {choose.error === null || isAsking ? null : <ErrorState error={choose.error} actions={null} />}
      {isAsking ? (
        <FolderDialog
          title="Choose the Codex folder"
          lead="The folder that holds codex-brain and the other services."
          isBusy={choose.isPending}
          error={choose.error}
          onChoose={({ folder }) => choose.mutate({ folder }, { onSuccess: () => setAsking(false) })}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </section>
  );
}

function Choose({ onClick }: { onClick: () => void }) {
  return (
    <Button size="small" onClick={onClick}>
      Choose…
    </Button>
  );
}

function SampleRow() {
  const { data: about } = useCall('about', {});
  const start = useStartJob();
  const isRunning = useJobs().some(({ kind, state }) => kind === 'sample' && state === 'running');
  if (about?.can.makeSample !== true) return null;
  return (
    <>
      <GroupRow
        icon={<FlaskConical aria-hidden />}
        title="Try it with a sample"
        detail="A small Codex in a temporary folder, whose Brain grows by itself"
        end={
          <Button
            size="small"
            busy={start.isPending || isRunning}
            onClick={() => start.mutate({ job: { kind: 'sample' } })}
          >
            Make a sample
          </Button>
        }
      />
      {start.isError ? <ErrorState error={start.error} /> : null}
    </>
  );
}

function describe({ services, brainBytes }: RootCandidate, sizes: ReturnType<typeof useSizes>): string {
  const brain = brainBytes === null ? 'no Brain where it usually is' : `Brain ${sizes.brain(brainBytes)}`;
  return `${formatCount(services, 'service')}, ${brain}`;
}
