import { describe, expect, test } from 'vitest';
import { isIconHidden, planPanelPlace, type Rectangle } from '../../src/main/window-place.ts';

const size = { width: 380, height: 600 };
const cursor = { x: 0, y: 0 };
const inside = (place: Rectangle, area: Rectangle): boolean =>
  place.x >= area.x &&
  place.y >= area.y &&
  place.x + place.width <= area.x + area.width &&
  place.y + place.height <= area.y + area.height;

describe('the place of the panel', () => {
  test('hangs centred under an icon in the bar at the top', () => {
    const workArea = { x: 0, y: 25, width: 1440, height: 875 };
    const icon = { x: 900, y: 0, width: 24, height: 24 };
    expect(planPanelPlace({ icon, cursor, workArea, size })).toEqual({ x: 722, y: 29, width: 380, height: 600 });
  });

  test('keeps below a notch, which makes the bar higher', () => {
    const workArea = { x: 0, y: 38, width: 1512, height: 944 };
    const icon = { x: 1300, y: 0, width: 30, height: 37 };
    expect(planPanelPlace({ icon, cursor, workArea, size }).y).toBe(42);
  });

  test('stays on the display when the icon is near its corner', () => {
    const workArea = { x: 0, y: 25, width: 1440, height: 875 };
    const place = planPanelPlace({ icon: { x: 1420, y: 0, width: 20, height: 24 }, cursor, workArea, size });
    expect(place.x).toBe(1060);
  });

  test('stands above a bar at the bottom, and beside one at the left or right', () => {
    const bottom = { x: 0, y: 0, width: 1920, height: 1040 };
    const above = planPanelPlace({ icon: { x: 1700, y: 1045, width: 24, height: 24 }, cursor, workArea: bottom, size });
    expect(above).toMatchObject({ x: 1522, y: 436 });
    const left = { x: 60, y: 0, width: 1860, height: 1080 };
    const beside = planPanelPlace({ icon: { x: 10, y: 900, width: 40, height: 40 }, cursor, workArea: left, size });
    expect(beside).toMatchObject({ x: 64, y: 480 });
    const right = { x: 0, y: 0, width: 1860, height: 1080 };
    const before = planPanelPlace({ icon: { x: 1870, y: 300, width: 40, height: 40 }, cursor, workArea: right, size });
    expect(before).toMatchObject({ x: 1476, y: 20 });
  });

  test('goes to the display of the icon, also one left of or above the first', () => {
    const workArea = { x: -1920, y: -180, width: 1920, height: 1055 };
    const icon = { x: -300, y: -205, width: 24, height: 24 };
    const place = planPanelPlace({ icon, cursor, workArea, size });
    expect(inside(place, workArea)).toBe(true);
    expect(place).toMatchObject({ x: -478, y: -176 });
  });

  test('comes to the pointer where the system does not say where the icon is', () => {
    const workArea = { x: 0, y: 0, width: 1920, height: 1048 };
    const place = planPanelPlace({ icon: undefined, cursor: { x: 1800, y: 1060 }, workArea, size });
    expect(place).toMatchObject({ x: 1540, y: 444 });
  });

  test('shrinks on a display that is lower than the panel', () => {
    const workArea = { x: 0, y: 24, width: 300, height: 456 };
    const place = planPanelPlace({ icon: { x: 150, y: 0, width: 20, height: 20 }, cursor, workArea, size });
    expect(inside(place, workArea)).toBe(true);
    expect(place).toMatchObject({ width: 300, height: 456 });
  });
});

test('an icon without a size, or on no display, is hidden', () => {
  const displays = [
    { x: 0, y: 0, width: 1440, height: 900 },
    { x: -1920, y: 0, width: 1920, height: 1080 },
  ];
  expect(isIconHidden({ x: 900, y: 0, width: 24, height: 24 }, displays)).toBe(false);
  expect(isIconHidden({ x: -1000, y: 0, width: 24, height: 24 }, displays)).toBe(false);
  expect(isIconHidden({ x: 900, y: 0, width: 0, height: 24 }, displays)).toBe(true);
  expect(isIconHidden({ x: 5000, y: 0, width: 24, height: 24 }, displays)).toBe(true);
  expect(isIconHidden({ x: 900, y: -40, width: 24, height: 24 }, displays)).toBe(true);
});
