import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemErrorCode } from '../../../shared/app-error.ts';
import { commandEnvironment } from '../../platform/command-environment.ts';
import { createLoginPath, findCommand } from '../../platform/login-path.ts';
import { findScripted, listPackage } from './installed-packages.ts';

/**
 * The ABI (`process.versions.modules`) for which a compiled part of a service's modules was made; undefined where none
 * says so. Those made with Node-API run with every Node, and say nothing (nodejs.org/api/addons.html: the symbol that
 * NODE_MODULE_INIT exports ends in the ABI).
 */
export function findModuleAbi(serviceFolder: string): string | undefined {
  for (const { folder } of findScripted(serviceFolder)) {
    const place = join(serviceFolder, folder);
    for (const path of listPackage(place).filter((each) => each.endsWith('.node'))) {
      const abi = readAbi(join(place, path));
      if (abi !== undefined) return abi;
    }
  }
  return undefined;
}

const symbol = 'node_register_module_v';

function readAbi(file: string): string | undefined {
  try {
    const bytes = readFileSync(file);
    const at = bytes.indexOf(symbol, 0, 'latin1');
    if (at < 0) return undefined;
    const end = bytes.toString('latin1', at + symbol.length, at + symbol.length + 8);
    return /^\d+/.exec(end)?.[0];
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}

/** The ABI of the Node that the login shell finds, with which services run; undefined where it can't be asked. */
export async function askNodeAbi(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { path } = await createLoginPath({ env })();
  const node = findCommand('node', path);
  if (node === undefined) return undefined;
  try {
    const options = { env: commandEnvironment(env, path, 'packages'), timeout: 30_000 };
    const { stdout } = await promisify(execFile)(node, ['-p', 'process.versions.modules'], options);
    return /^\d+/.exec(stdout)?.[0];
  } catch {
    // Then nobody knows, and starting Codex will tell.
    return undefined;
  }
}
