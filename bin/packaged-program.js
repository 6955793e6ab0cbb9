// The command line of the packaged app, bundled as out/engine/cli.mjs. The app's own binary runs it as plain Node.
import { runProgram } from './run-program.js';

// They made this process what it is; what it starts may be another Electron app, or Codex's own Node.
delete process.env.ELECTRON_RUN_AS_NODE;
delete process.env.NODE_OPTIONS;

await runProgram(async () => ({ ...(await import('../src/cli/main.ts')), prepareNext: async () => undefined }));
