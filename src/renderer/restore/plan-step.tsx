import { Archive, Database, FileText, Flag, FolderSync, Hammer, RefreshCw } from 'lucide-react';
import { Fragment } from 'react';
import { formatCount, formatNumber } from '../../shared/format.ts';
import type { ShownPlan } from '../../shared/protocol/restore-views.ts';
import { Callout } from '../components/callout.tsx';
import { useSizes } from '../components/size.tsx';
import { StateMark } from '../icons/state-mark.tsx';
import { PlanFiles } from './plan-files.tsx';
import './plan-step.css';
import { countLost, joinWords, lostHeading, memoryCount, rebuilds, spaceProblem, unknownTables } from './plan-words.ts';
import { Will } from './will.tsx';

/** What would happen, in the order in which it matters to people: memories, files, services, commands. */
export function PlanStep({ plan }: { plan: ShownPlan }) {
  const sizes = useSizes();
  const problem = spaceProblem(plan, sizes.bytes);
  return (
    <div className="rplan">
      <ul className="rplan-will">
        <Safety plan={plan} />
        <Lost plan={plan} />
        <Databases plan={plan} />
        {plan.code === null ? null : <PlanFiles plan={plan} icon={<FileText aria-hidden />} />}
        <Fresh plan={plan} />
        <Rebuilds plan={plan} />
        <Services plan={plan} />
      </ul>
      <div className="rplan-rail">
        {plan.space.neededBytes === 0 ? null : (
          <section aria-label="Space">
            <h2>Space</h2>
            <Pair name="Needs" value={sizes.bytes(plan.space.neededBytes)} />
            <Pair name="Free now" value={sizes.bytes(plan.space.freeBytes)} />
            {problem === undefined ? (
              <Pair name="Free after" value={sizes.bytes(plan.space.freeBytes - plan.space.neededBytes)} />
            ) : (
              <p className="text-bad">{problem}</p>
            )}
          </section>
        )}
        {plan.warnings.length === 0 ? null : (
          <section aria-label="Before you go on">
            <h2 className="rplan-warn">
              <StateMark mark="attention" />
              Before you go on
            </h2>
            {plan.warnings.map(({ code, message }) => (
              <p key={`${code} ${message}`}>{message}</p>
            ))}
          </section>
        )}
        <Stays plan={plan} />
      </div>
    </div>
  );
}

function Safety({ plan }: { plan: ShownPlan }) {
  if (!plan.steps.some(({ step }) => step === 'safety')) return null;
  return (
    <Will icon={<Flag aria-hidden />} title="A snapshot of now comes first">
      <p>So everything below can be undone.</p>
    </Will>
  );
}

function Lost({ plan }: { plan: ShownPlan }) {
  const now = Date.now();
  const lost = countLost(plan.databases, now);
  const kept = countLost(plan.databases, now, true);
  const unknown = unknownTables(plan.databases);
  return (
    <>
      {lost.count === 0 ? null : (
        <Will icon={<Archive aria-hidden />} title={`${lostHeading(lost)} would be set aside`}>
          <p>{lost.tables} would leave the Brain. They stay in the snapshot of now and in what is moved aside.</p>
        </Will>
      )}
      {kept.count === 0 ? null : (
        <Will icon={<Archive aria-hidden />} title={`${memoryCount(kept.count)} made since would be kept`}>
          <p>{kept.tables} would be added to what comes back.</p>
        </Will>
      )}
      {unknown.length === 0 ? null : (
        <Will icon={<StateMark mark="attention" />} title={`Of ${joinWords(unknown)} nobody can tell what came since`}>
          <p>Whatever did would be set aside with the database.</p>
        </Will>
      )}
    </>
  );
}

const databaseWords = {
  replace: 'is replaced',
  create: 'is not there now, and comes back',
  remove: 'did not exist then, and is moved aside',
} as const;

function Databases({ plan }: { plan: ShownPlan }) {
  const sizes = useSizes();
  const { databases } = plan;
  if (databases.length === 0) return null;
  const [only] = databases;
  const title =
    databases.length === 1 && only !== undefined
      ? `${only.isBrain ? 'The Brain' : only.path} ${databaseWords[only.change]}`
      : `${formatNumber(databases.length)} databases go back`;
  return (
    <Will icon={<Database aria-hidden />} title={title}>
      {only !== undefined && databases.length === 1 && only.change === 'replace' ? (
        <p>
          {sizes.brain(only.bytesNow)} now, {sizes.brain(only.bytesThen)} {plan.what === 'undo' ? 'before' : 'then'}.
        </p>
      ) : null}
      <ul className="rplan-lines">
        {(databases.length === 1 ? [] : databases).map(({ path, isBrain, change, bytesNow, bytesThen }) => (
          <li key={path}>
            <span>{isBrain ? 'Brain' : path}</span>
            <span className="soft numeric">
              {change === 'replace'
                ? `${sizes.brain(bytesNow)} now, ${sizes.brain(bytesThen)} ${plan.what === 'undo' ? 'before' : 'then'}`
                : databaseWords[change]}
            </span>
          </li>
        ))}
      </ul>
    </Will>
  );
}

function Fresh({ plan: { full } }: { plan: ShownPlan }) {
  if (full === undefined) return null;
  return (
    <Will icon={<FolderSync aria-hidden />} title="A fresh folder takes the place of the Codex folder">
      <p>
        The one of now stays beside it as <span className="rplan-name">{full.oldRoot}</span>.
        {full.carried.length === 0 ? '' : ` ${joinWords(full.carried.slice(0, 8))} would be copied over.`}
        {full.backups === null ? '' : ` ${full.backups} would move over last.`}
      </p>
    </Will>
  );
}

function Rebuilds({ plan }: { plan: ShownPlan }) {
  const lines = rebuilds(plan);
  if (lines.length === 0) return null;
  return (
    <Will icon={<Hammer aria-hidden />} title={`${formatCount(lines.length, 'service')} would be rebuilt`}>
      <ul className="rplan-lines rplan-rebuilds">
        {lines.map(({ folder, commands, reasons }) => (
          <li key={folder}>
            <span>{folder === '' ? 'The root' : folder}</span>
            <span className="soft">{joinWords(reasons)}</span>
            <code>{commands.join(' && ')}</code>
          </li>
        ))}
      </ul>
    </Will>
  );
}

function Services({ plan }: { plan: ShownPlan }) {
  const steps = plan.steps.filter(({ step, commands }) => (step === 'stop' || step === 'start') && commands.length > 0);
  if (!plan.steps.some(({ step }) => step === 'stop')) return null;
  if (steps.length === 0) {
    return (
      <Will icon={<RefreshCw aria-hidden />} title="Nothing is stopped or started">
        <p>Codex has to be stopped already: while a process has a database open, nothing is restored.</p>
      </Will>
    );
  }
  return (
    <Will icon={<RefreshCw aria-hidden />} title="Codex stops, starts again and is checked">
      <p>
        {steps.map(({ step, commands }, index) => (
          <Fragment key={step}>
            {index === 0 ? null : ' and '}
            <code>{commands.map(({ command }) => command.join(' ')).join(' && ')}</code>
          </Fragment>
        ))}
      </p>
    </Will>
  );
}

function Stays({ plan }: { plan: ShownPlan }) {
  const { code, scope, what, full } = plan;
  if (full !== undefined) return null;
  const unchanged = (code?.services ?? []).filter(
    ({ added, changed, removed }) => added + changed + removed === 0,
  ).length;
  const words = [
    unchanged > 0 ? formatCount(unchanged, 'service') : '',
    code !== null && code.totals.kept > 0 ? formatCount(code.totals.kept, 'newer file') : '',
    code === null && what === 'restore' ? 'all code' : '',
    scope === 'code' ? 'the Brain' : '',
    'what no snapshot covers (.env, node_modules)',
    'every snapshot',
  ].filter((word) => word !== '');
  const sentence = joinWords(words);
  return (
    <section aria-label="Stays as it is">
      <h2>Stays as it is</h2>
      <p className="soft">
        {sentence.slice(0, 1).toUpperCase()}
        {sentence.slice(1)}.
      </p>
    </section>
  );
}

function Pair({ name, value }: { name: string; value: string }) {
  return (
    <p className="rplan-pair">
      <span>{name}</span>
      <span className="numeric">{value}</span>
    </p>
  );
}

/** Said in place of a plan that has no steps. */
export function NothingToDo() {
  return (
    <Callout tone="ok" title="Everything is as it was then">
      There is nothing to restore.
    </Callout>
  );
}
