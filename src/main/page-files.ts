import { extname, isAbsolute, join, relative } from 'node:path';
import { appOrigin } from '../shared/app-bridge.ts';

export interface PageFile {
  readonly path: string;
  readonly type: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** The file of the built renderer that an address means; undefined for whatever isn't one of its files. */
export function findPageFile(url: string, folder: string): PageFile | undefined {
  const pathname = readPathname(url);
  if (pathname === undefined || pathname.includes('\0') || pathname.includes('\\')) return undefined;
  const path = join(folder, pathname === '/' ? 'index.html' : pathname);
  const inside = relative(folder, path);
  const type = types[extname(path)];
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside) || type === undefined) return undefined;
  return { path, type };
}

function readPathname(url: string): string | undefined {
  try {
    const { origin, protocol, host, pathname } = new URL(url);
    // Node knows no origin of a scheme of our own; Chromium does.
    if (origin !== appOrigin && `${protocol}//${host}` !== appOrigin) return undefined;
    return decodeURIComponent(pathname);
  } catch (error) {
    if (error instanceof URIError || error instanceof TypeError) return undefined;
    throw error;
  }
}
