/** What Electron gives a utility process to talk with main. */
export interface ParentPort {
  on(event: 'message', listener: (message: { readonly data: unknown }) => void): void;
  postMessage(message: unknown): void;
}

/** Electron's types are for main only; this is the one thing of it that the engine process meets. */
export function parentPortOf(program: NodeJS.Process): ParentPort {
  const { parentPort } = program as NodeJS.Process & { readonly parentPort?: ParentPort };
  if (parentPort === undefined || parentPort === null)
    throw new Error('The engine process is started by the app only.');
  return parentPort;
}
