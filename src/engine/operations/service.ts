import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { ServiceReport } from '../../shared/results.ts';
import type { EngineContext } from '../context.ts';
import { findOwnProgram, type ProgramFacts } from '../link/own-program.ts';
import { withoutSteering } from '../platform/command-environment.ts';
import { replaceFile } from '../platform/durable-file.ts';
import { programFolder } from '../program-folder.ts';
import { renderLaunchAgent, renderSystemdUnit, type ServiceFile } from '../service/render-service.ts';
import { createLaunchd, createSystemd, type ServiceManager } from '../service/service-manager.ts';
import { findWatcher } from './with-locks.ts';

interface Service {
  readonly manager: ServiceManager;
  readonly service: ServiceFile;
}

/** Lets the system run the watcher of this root, now and after each login. Done again, it takes over what has changed. */
export async function installService(context: EngineContext, platform = process.platform): Promise<ServiceReport> {
  const { execPath, versions, env } = process;
  const facts = { programFolder, execPath, isElectron: 'electron' in versions, env };
  const found = describe(context, platform, planWatchCommand(facts, context.root(), context.backups()));
  const { manager, service } = found;
  const before = readIfThere(service.file);
  mkdirSync(dirname(service.file), { recursive: true });
  if (manager.kind === 'launchd') {
    mkdirSync(join(homeOf(context), 'Library', 'Logs', 'Codex Auto-Backup'), { recursive: true, mode: 0o700 });
  }
  replaceFile(service.file, service.text);
  try {
    await manager.start(service);
  } catch (error) {
    await bringBack(context, found, before);
    throw error;
  }
  context.logger.info(`The service ${service.name} was installed.`);
  return report(context, found);
}

/** The service that was there before, if there was one, runs on. */
async function bringBack(context: EngineContext, { manager, service }: Service, before?: string): Promise<void> {
  if (before === undefined) return rmSync(service.file, { force: true });
  replaceFile(service.file, before);
  await manager.start(service).catch((error: unknown) => {
    context.logger.error(`The service ${service.name} is as it was before, but did not start again: ${String(error)}`);
  });
}

export async function removeService(context: EngineContext, platform = process.platform): Promise<ServiceReport> {
  const found = describe(context, platform);
  const { manager, service } = found;
  if (existsSync(service.file)) {
    await manager.stop(service);
    rmSync(service.file);
    await manager.forget();
    context.logger.info(`The service ${service.name} was removed.`);
  }
  return report(context, found);
}

export function serviceStatus(context: EngineContext, platform = process.platform): Promise<ServiceReport> {
  return report(context, describe(context, platform));
}

async function report(context: EngineContext, { manager, service }: Service): Promise<ServiceReport> {
  const isInstalled = existsSync(service.file);
  const look = isInstalled ? await manager.look(service) : { isRunning: false, isEnabled: false };
  const state = !isInstalled ? 'not installed' : look.isRunning ? 'running' : 'stopped';
  const watcher = await findWatcher(context);
  return { state, isEnabled: look.isEnabled, manager: manager.kind, name: service.name, file: service.file, watcher };
}

/** Without a command it is only found: its file has its name by the root alone. */
function describe(context: EngineContext, platform: NodeJS.Platform, command: readonly string[] = []): Service {
  const env = withoutSteering(context.env);
  const home = homeOf(context);
  const program = { root: context.root(), command, environment: environmentOf(context) };
  const options = { env, uid: userInfo().uid };
  if (platform === 'darwin') return { manager: createLaunchd(options), service: renderLaunchAgent(program, home) };
  const configHome = env['XDG_CONFIG_HOME'] ?? join(home, '.config');
  return { manager: createSystemd(options), service: renderSystemdUnit(program, configHome) };
}

/** What starts the watcher without a display: in the packaged app its own command, for its binary would be the app. */
export function planWatchCommand(facts: ProgramFacts, root: string, backups: string): readonly string[] {
  const { nodePath, cliPath } = findOwnProgram(facts);
  const program = cliPath === undefined ? [nodePath] : [nodePath, cliPath];
  return [...program, 'watch', '--root', root, '--backups', backups];
}

const homeOf = ({ env }: EngineContext): string => env['HOME'] ?? homedir();

/** Where its settings are, and by which PATH it finds rclone; nothing else of the shell in which it was installed. */
function environmentOf({ home, env }: EngineContext): Readonly<Record<string, string>> {
  return { CODEX_BACKUP_HOME: home, PATH: env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin' };
}

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
