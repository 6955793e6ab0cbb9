import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reportError, systemErrorCode } from '../../shared/app-error.ts';
import { formatBytes, formatCount, quoteForShell } from '../../shared/format.ts';
import type { Coverage, DoctorFinding, DoctorReport } from '../../shared/results.ts';
import { lookAtDatabase } from '../brain/look.ts';
import type { EngineContext } from '../context.ts';
import { readLinkState } from '../link/read-link-state.ts';
import { freeBytes } from '../platform/disk-space.ts';
import { readCatalog } from '../snapshot/catalog.ts';
import { currentBaseline } from '../snapshot/current-baseline.ts';
import { findUncovered } from './coverage.ts';

type Check = (context: EngineContext) => DoctorFinding;

/** What is wrong with the set-up, and what no snapshot covers. Changes nothing. */
export function doctor(context: EngineContext): DoctorReport {
  const checks: readonly Check[] = [checkInclude, checkBrain, checkBackups, checkSpace, checkSnapshots, checkLink];
  const root = attempt(checkRoot, context);
  if (root.level === 'error')
    return { findings: [root], coverage: { services: [], databases: [], scripts: [], files: [] } };
  const findings = [root, ...checks.map((check) => attempt(check, context))];
  const coverage = findUncovered(context);
  return { findings: [...findings, ...coverageFindings(coverage)], coverage };
}

/** A check that can't be made is a finding itself. */
function attempt(check: Check, context: EngineContext): DoctorFinding {
  try {
    return check(context);
  } catch (error) {
    const { code, message, hint } = reportError(error);
    return { code, level: 'error', message, hint };
  }
}

const ok = (code: string, message: string): DoctorFinding => ({ code, level: 'ok', message, hint: '' });

function checkRoot(context: EngineContext): DoctorFinding {
  return ok('root', `The Codex folder is ${context.root()}.`);
}

function checkInclude(context: EngineContext): DoctorFinding {
  const { include } = context.settings();
  const there = include.filter((path) => existsSync(join(context.root(), path)));
  if (there.length > 0) return ok('include', `${there.length} of ${include.length} entries of the include list exist.`);
  return {
    code: 'include',
    level: 'error',
    message: `Nothing of the include list exists in ${context.root()}.`,
    hint: 'Is this the Codex folder? Otherwise change the list: codex-backup settings include \'["a","b"]\'.',
  };
}

function checkBrain(context: EngineContext): DoctorFinding {
  const path = join(context.root(), context.brainPath());
  const look = lookAtDatabase(path);
  if (look !== null) return ok('brain', `The Brain is ${path}, ${formatBytes(look.bytes)}.`);
  return {
    code: 'brain',
    level: 'warning',
    message: `The Brain ${path} is locked by another program or is no SQLite database.`,
    hint: 'Take a snapshot to see which: "codex-backup run".',
  };
}

function checkBackups(context: EngineContext): DoctorFinding {
  const backups = context.backups();
  if (!existsSync(backups)) return ok('backups', `The backups folder ${backups} will be made by the first snapshot.`);
  try {
    accessSync(backups, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    return {
      code: 'backups-unwritable',
      level: 'error',
      message: `The backups folder ${backups} can not be written: ${systemErrorCode(error) ?? String(error)}.`,
      hint: 'Check its permissions and its disk.',
    };
  }
  if (statSync(backups).dev === statSync(context.root()).dev) {
    return {
      code: 'backups',
      level: 'ok',
      message: `The backups folder is ${backups}.`,
      hint: 'It is on the same disk as Codex: snapshots would be lost with that disk.',
    };
  }
  return ok('backups', `The backups folder is ${backups}, on a disk of its own.`);
}

function checkSpace(context: EngineContext): DoctorFinding {
  const backups = context.backups();
  const free = freeBytes(existsSync(backups) ? backups : dirname(backups));
  const newest = readCatalog(backups)[0]?.snapshot;
  const need = 2 * ((newest?.brain?.bytes ?? 0) + (newest?.code?.bytes ?? 0));
  if (free > Math.max(need, 1_000_000_000)) return ok('space', `${formatBytes(free)} are free.`);
  return {
    code: 'low-space',
    level: 'warning',
    message: `Only ${formatBytes(free)} are free for backups.`,
    hint: 'Free some space, or remove old snapshots with "codex-backup prune".',
  };
}

function checkSnapshots(context: EngineContext): DoctorFinding {
  const catalog = readCatalog(context.backups());
  const damaged = catalog.filter(({ snapshot }) => snapshot.status === 'damaged').map(({ snapshot }) => snapshot.id);
  if (damaged.length > 0) {
    return {
      code: 'snapshot-damaged',
      level: 'warning',
      message: `${formatCount(damaged.length, 'snapshot')} of ${catalog.length} are damaged: ${damaged.slice(0, 3).join(', ')}.`,
      hint: 'See what is wrong: "codex-backup verify ID". Take a new one: "codex-backup run".',
    };
  }
  const baseline = currentBaseline(context, catalog);
  if (baseline !== undefined)
    return ok(
      'snapshots',
      `${formatCount(catalog.length, 'snapshot')}; growth is measured from the one of ${baseline.snapshot.createdAt}.`,
    );
  return {
    code: 'no-snapshot',
    level: 'warning',
    message: 'There is no snapshot with a good Brain yet.',
    hint: 'Take one: "codex-backup run".',
  };
}

function checkLink(context: EngineContext): DoctorFinding {
  const link = readLinkState(context.root());
  if (link.kind === 'linked' && link.missing === null)
    return ok('link', "Codex's own backup calls come to this program.");
  if (link.kind === 'linked') {
    return {
      code: 'link-missing',
      level: 'error',
      message: `Codex's backup script hands over to ${link.missing}, which does not exist.`,
      hint: 'Link it again: "codex-backup link".',
    };
  }
  return {
    code: 'link',
    level: 'warning',
    message: "Codex's own backup calls (at boot, by its watcher) do not come to this program.",
    hint: 'Run "codex-backup link"; "codex-backup unlink" undoes it.',
  };
}

function coverageFindings({ services, databases, scripts, files }: Coverage): readonly DoctorFinding[] {
  const finding = (kind: string, what: string, paths: readonly string[]): DoctorFinding => ({
    code: `uncovered-${kind}`,
    level: 'warning',
    message: `No snapshot holds the ${what} ${paths.join(', ')}.`,
    hint: `Add ${paths.length === 1 ? 'it' : 'them'}: codex-backup doctor --add ${paths.map(quoteForShell).join(' ')}`,
  });
  const findings = [
    ...services.map((path) => finding('service', 'service', [path])),
    ...databases.map((path) => finding('database', 'database', [path])),
    ...scripts.map((path) => finding('scripts', 'folder', [path])),
    ...(files.length === 0 ? [] : [finding('files', files.length === 1 ? 'file' : 'files', files)]),
  ];
  return findings.length === 0
    ? [ok('coverage', 'Nothing is uncovered that you have not left out.')]
    : [...findings, answer];
}

const answer: DoctorFinding = {
  code: 'coverage-unanswered',
  level: 'warning',
  message: 'You have not said whether these are to be held.',
  hint: 'Add all: codex-backup doctor --add-all. Or leave some out: codex-backup doctor --leave-out PATH…, --leave-out-all.',
};
