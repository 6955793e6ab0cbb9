import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { config, ports, request } from '@codex/shared';

const file = join(dirname(fileURLToPath(import.meta.url)), '..', 'small-talk.json');

/** Hands on what was said, one made-up turn after the other, as often as codex-config.json wants it. */
export async function listen() {
  const { turnsPerMinute } = config.voice;
  if (turnsPerMinute === 0) return;
  const turns = JSON.parse(readFileSync(file, 'utf8'));
  for (let number = 0; ; number += 1) {
    await setTimeout(60_000 / turnsPerMinute);
    await handOn(turns[number % turns.length]);
  }
}

async function handOn(turn) {
  try {
    await request(ports.bridge, '/turn', turn);
  } catch (error) {
    // The others do not listen yet, or are being stopped.
    console.error(`[voice] a turn was lost: ${error.message}`);
  }
}
