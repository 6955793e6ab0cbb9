import { describe, expect, it } from 'vitest';
import { firstWish, planRequest, type RestoreWish, wishProblem } from '../../../src/renderer/restore/restore-wish.ts';

const everything = { brain: null, databases: [], code: null };

describe('firstWish', () => {
  it('takes the paths of the address before its scope', () => {
    expect(firstWish(new URLSearchParams('path=a&path=b/c&scope=brain'))).toMatchObject({
      what: 'files',
      paths: ['a', 'b/c'],
    });
    expect(firstWish(new URLSearchParams('scope=brain')).what).toBe('brain');
    expect(firstWish(new URLSearchParams('scope=toString')).what).toBe('all');
  });
});

describe('planRequest', () => {
  it('asks for chosen files as a part of the code', () => {
    expect(planRequest('id', wish({ what: 'files', paths: ['a'], keepExtra: true, keepNewer: true }))).toEqual({
      id: 'id',
      scope: 'code',
      paths: ['a'],
    });
  });

  it('leaves out options that mean nothing for the choice', () => {
    expect(planRequest('id', wish({ what: 'brain', keepExtra: true, keepNewer: true }))).toEqual({
      id: 'id',
      scope: 'brain',
      keepNewer: true,
    });
    expect(planRequest('id', wish({ what: 'full', keepExtra: true, keepNewer: true, useServices: false }))).toEqual({
      id: 'id',
      scope: 'full',
      useServices: false,
    });
  });
});

describe('wishProblem', () => {
  it('says what the snapshot lacks', () => {
    expect(wishProblem(wish({ what: 'brain' }), everything)).toBe('The snapshot holds no Brain.');
    expect(wishProblem(wish({ what: 'files' }), everything)).toBe('Choose at least one file or folder.');
  });
});

function wish(some: Partial<RestoreWish>): RestoreWish {
  return { what: 'all', paths: [], keepExtra: false, keepNewer: false, useServices: true, ...some };
}
