import { closeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { writeFully } from '../../platform/durable-file.ts';
import type { Logger } from '../../platform/logger.ts';
import { hideSecrets } from '../../platform/secrets.ts';
import { openOutputFile } from './output-file.ts';
import { createEscapeStripper } from './strip-escapes.ts';

export interface CommandOutputOptions {
  /** Gets the plain text of the output, up to a bound, and the last of it; 0600. */
  readonly logFile: string;
  /** Gets the newest plain text, a few times a second. */
  readonly onOutput?: ((text: string) => void) | undefined;
  /** Texts that must not be seen, such as passwords. */
  readonly secrets: readonly string[];
  readonly logger: Logger;
  readonly maxLogBytes?: number;
}

/** Takes the output of a command, in bounded memory, whatever it prints and however fast. */
export interface CommandOutput {
  read(stream: Readable): void;
  /** Writes what is left; returns the last of the output as plain text, of at most 64 KB. */
  finish(): string;
}

const tailLength = 64 * 1024;
/** A line that is longer is passed on in pieces. */
const maxLineLength = 16 * 1024;
const newestLength = 4096;
const throttleMs = 100;

export function openCommandOutput(options: CommandOutputOptions): CommandOutput {
  const { onOutput, secrets, logger } = options;
  const log = openLog(options);
  const lines: LineBuffer[] = [];
  let tail = '';
  let newest = '';
  let timer: NodeJS.Timeout | undefined;

  const tell = (): void => {
    timer = undefined;
    const text = newest;
    newest = '';
    try {
      if (text !== '') onOutput?.(text);
    } catch (error) {
      // Thrown from a timer it would end the whole process in the middle of a restore.
      logger.error(`Passing on the output of a command failed: ${String(error)}`);
    }
  };
  const take = (text: string): void => {
    if (text === '') return;
    const clean = hideSecrets(text, secrets);
    log.write(clean);
    tail = (tail + clean).slice(-tailLength);
    newest = (newest + clean).slice(-newestLength);
    timer ??= setTimeout(tell, throttleMs);
  };
  return {
    read: (stream) => {
      const buffer = createLineBuffer();
      lines.push(buffer);
      stream.on('data', (chunk: Buffer) => {
        take(buffer.add(chunk));
        // One piece per turn of the event loop: a flood must not keep everything else from its turn.
        stream.pause();
        setImmediate(() => stream.resume());
      });
      // What can't be read any more is not needed: how the command ended is known from its exit.
      stream.on('error', (error) => logger.warn(`Reading the output of a command failed: ${error.message}`));
    },
    finish: () => {
      for (const buffer of lines) take(buffer.rest());
      clearTimeout(timer);
      tell();
      log.close(tail);
      return tail;
    },
  };
}

interface LineBuffer {
  /** The whole lines that are complete now. */
  add(chunk: Buffer): string;
  rest(): string;
}

/** Bytes to plain text in whole lines, so that two outputs don't mix within one, and secrets aren't seen in halves. */
function createLineBuffer(): LineBuffer {
  const decoder = new StringDecoder('utf8');
  const strip = createEscapeStripper();
  let pending = '';
  return {
    add: (chunk) => {
      pending += strip(decoder.write(chunk));
      const end = pending.length > maxLineLength ? pending.length : pending.lastIndexOf('\n') + 1;
      const whole = pending.slice(0, end);
      pending = pending.slice(end);
      return whole;
    },
    rest: () => {
      const rest = pending + strip(decoder.end());
      pending = '';
      return rest;
    },
  };
}

interface OutputLog {
  write(text: string): void;
  close(tail: string): void;
}

function openLog({ logFile, logger, maxLogBytes = 8_000_000 }: CommandOutputOptions): OutputLog {
  const fd = openOutputFile(logFile, logger);
  let leftBytes = maxLogBytes;
  let leftOutBytes = 0;
  let isBroken = false;
  const append = (text: string): void => {
    if (isBroken) return;
    try {
      writeFully(fd, Buffer.from(text));
    } catch (error) {
      // A full disk may not end a restore half-way; the tail that is kept in memory still tells what happened.
      isBroken = true;
      logger.warn(`Writing ${logFile} failed: ${String(error)}`);
    }
  };
  return {
    write: (text) => {
      const bytes = Buffer.byteLength(text);
      if (bytes <= leftBytes) append(text);
      else leftOutBytes += bytes;
      leftBytes = bytes <= leftBytes ? leftBytes - bytes : 0;
    },
    close: (tail) => {
      if (leftOutBytes > 0) append(`\n[${leftOutBytes} bytes were left out here; the last of them follow]\n${tail}`);
      closeSync(fd);
    },
  };
}
