import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** Two browser profiles with made-up cookies: one under the name that Codex uses, one that only its content gives away. */
export function createBrowserProfiles(root: string): void {
  createProfile(join(root, 'codex-hands', '.codex-playwright-profile'));
  createProfile(join(root, 'codex-desktop', 'kiosk'));
}

function createProfile(folder: string): void {
  mkdirSync(join(folder, 'Default'), { recursive: true });
  writeFileSync(join(folder, 'Local State'), '{"browser":{"enabled_labs_experiments":[]}}\n');
  writeFileSync(join(folder, 'Default', 'Preferences'), '{"profile":{"name":"Codex"}}\n');
  const database = new Database(join(folder, 'Default', 'Cookies'));
  database.exec('CREATE TABLE cookies (host_key TEXT, name TEXT, value TEXT)');
  database.prepare('INSERT INTO cookies VALUES (?, ?, ?)').run('.example.org', 'session', 'sample-cookie-3b80');
  database.close();
}
