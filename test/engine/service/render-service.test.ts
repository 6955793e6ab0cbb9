import { expect, test } from 'vitest';
import { renderLaunchAgent, renderSystemdUnit } from '../../../src/engine/service/render-service.ts';

const program = {
  root: '/home/ana/My "Codex" 100%',
  command: ['/opt/node', '/opt/codex-backup.js', 'watch', '--root', '/home/ana/My "Codex" 100% $HOME <&>'],
  environment: { CODEX_BACKUP_HOME: '/home/ana/app & home' },
};

test('a systemd unit has each word quoted, and restarts after failures only', () => {
  const { name, file, text } = renderSystemdUnit(program, '/home/ana/.config');
  expect(name).toMatch(/^codex-auto-backup-[0-9a-f]{8}\.service$/);
  expect(file).toBe(`/home/ana/.config/systemd/user/${name}`);
  expect(text).toContain(
    'ExecStart="/opt/node" "/opt/codex-backup.js" "watch" "--root" "/home/ana/My \\"Codex\\" 100%% $$HOME <&>"\n',
  );
  expect(text).toContain('Environment="CODEX_BACKUP_HOME=/home/ana/app & home"\n');
  expect(text).toContain('Restart=on-failure\nRestartSec=60\n');
  expect(text).toContain('WantedBy=default.target');
});

test('a launchd agent has each word as a string of its own', () => {
  const { name, file, text } = renderLaunchAgent(program, '/Users/ana');
  expect(file).toBe(`/Users/ana/Library/LaunchAgents/${name}.plist`);
  expect(text).toContain('    <string>/home/ana/My "Codex" 100% $HOME &lt;&amp;&gt;</string>\n');
  expect(text).toContain(`<key>Label</key>\n  <string>${name}</string>`);
  expect(text).toContain('<key>SuccessfulExit</key>\n    <false/>');
  expect(text).toContain('<key>ProcessType</key>\n  <string>Standard</string>');
});

test('each Codex folder has a service of its own', () => {
  const other = renderSystemdUnit({ ...program, root: '/home/ana/Other' }, '/c').name;
  expect(renderSystemdUnit(program, '/c').name).not.toBe(other);
});
