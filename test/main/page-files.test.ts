import { describe, expect, test } from 'vitest';
import { findPageFile } from '../../src/main/page-files.ts';

const folder = '/app/out/renderer';
const find = (path: string) => findPageFile(`app://codex-backup${path}`, folder)?.path;

describe('addresses of the page', () => {
  test('the files of the build are found, with their types', () => {
    expect(findPageFile('app://codex-backup/', folder)).toEqual({
      path: `${folder}/index.html`,
      type: 'text/html; charset=utf-8',
    });
    expect(find('/index.html#/settings')).toBe(`${folder}/index.html`);
    expect(find('/assets/index-Cr0N.js?x=1')).toBe(`${folder}/assets/index-Cr0N.js`);
  });

  test('no path leads out of the folder', () => {
    const wrong = [
      '/../main/index.js',
      '/..%2fmain%2findex.js',
      '/%2e%2e/main/index.js',
      '/assets/..%2f..%2f..%2fmain/index.js',
      '/..%5cmain%5cindex.js',
      '/assets%00.js',
      '/%E0%A4%A.js',
      '//etc/passwd.js/../../../x.js',
    ];
    for (const path of wrong) {
      const found = find(path);
      expect(found === undefined || found.startsWith(`${folder}/`), path).toBe(true);
      expect(found ?? '', path).not.toContain('/main/index.js/');
    }
    expect(find('/..%2fmain%2findex.js')).toBeUndefined();
    expect(find('/..%2frenderer-of-others/x.js')).toBeUndefined();
  });

  test('another host, another scheme and other kinds of file are refused', () => {
    for (const url of ['app://elsewhere/index.html', 'https://codex-backup/index.html', 'no address']) {
      expect(findPageFile(url, folder)).toBeUndefined();
    }
    expect(find('/index.html.map')).toBeUndefined();
    expect(find('/assets')).toBeUndefined();
  });
});
