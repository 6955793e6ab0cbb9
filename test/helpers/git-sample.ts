import { execFileSync } from 'node:child_process';

/** Makes a sample a git repository with everything committed that its rules let in, `.env.example` included. */
export function initGit(root: string): void {
  const git = (...parameters: string[]) =>
    execFileSync('git', parameters, { cwd: root, stdio: 'ignore', env: gitEnvironment });
  git('init', '-b', 'main');
  git('add', '-A');
  git('-c', 'user.name=Sample', '-c', 'user.email=sample@example.org', 'commit', '-m', 'Codex as it was');
}

const gitEnvironment = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
