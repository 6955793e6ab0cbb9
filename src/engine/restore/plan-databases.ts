import type { Warning } from '../../shared/model.ts';
import type { DatabasePlan } from '../../shared/restore-plan.ts';
import { unseenTables } from '../brain/compare-rows.ts';
import type { DatabaseFacts } from './gather-databases.ts';

/** What becomes of one database, table by table. */
export function planDatabase({ part, isBrain, bytesNow, now }: DatabaseFacts, keepNewer: boolean): DatabasePlan {
  const tables = now?.tables ?? unseenTables(part.tables);
  return {
    path: part.path,
    isBrain,
    change: bytesNow === 0 ? 'create' : 'replace',
    bytesNow,
    bytesThen: part.bytes,
    tables: tables.map(({ name, rowsNow, rowsThen, rowsSince, from, to, isKeepable }) => ({
      name,
      rowsNow,
      rowsThen,
      rowsLost: rowsSince,
      lostFrom: from,
      lostTo: to,
      isKept: keepNewer && isKeepable && (rowsSince ?? 0) > 0,
    })),
  };
}

/** What the user should know before a database is replaced. */
export function warnOfDatabase({ part, bytesNow, now }: DatabaseFacts, comesWithCode: boolean): readonly Warning[] {
  const warnings: Warning[] = [];
  if (bytesNow > 0 && now === undefined) {
    const message = `${part.path} can not be read now: it is locked or damaged. The files moved aside will be its only safety copy.`;
    warnings.push({ code: 'database-unreadable', message });
  }
  if (part.integrity !== 'ok') {
    const message = `${part.path} was corrupt already when the snapshot was taken: ${part.integrity}`;
    warnings.push({ code: 'database-corrupt', message });
  }
  // Of a snapshot of v1.5 no schema hash is known.
  const hasOtherSchema = part.schemaHash !== '' && now?.schemaHash !== part.schemaHash;
  const differs = now !== undefined && (hasOtherSchema || now.userVersion !== part.userVersion);
  if (differs && !comesWithCode) {
    const message = `${part.path} has another schema now (version ${now.userVersion}) than in the snapshot (version ${part.userVersion}), and the code stays as it is: it may not be able to read it.`;
    warnings.push({ code: 'schema-differs', message });
  }
  return warnings;
}
