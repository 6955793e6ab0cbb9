import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { programFolder } from '../../engine/program-folder.ts';
import { AppError } from '../../shared/app-error.ts';

/** Where the built pages of the panel lie. AppError where they were never built. */
export function findBuiltRenderer(env: NodeJS.ProcessEnv): string {
  const folder = env['CODEX_BACKUP_PANEL'] ?? join(programFolder, 'dist', 'renderer');
  if (existsSync(join(folder, 'index.html'))) return folder;
  throw new AppError('usage', `The panel is not built: there is no ${join(folder, 'index.html')}.`, {
    hint: 'Run "npm start", which builds it; or "npm run build:panel".',
  });
}
