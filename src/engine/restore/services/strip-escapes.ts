const escapeCode = 0x1b;
const bellCode = 0x07;

/** Control characters but tab and newline, and those that change the direction in which text is read. */
const controls = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g;
/** What begins an escape sequence: ESC, and the 8-bit forms of CSI, DCS, SOS, OSC, PM and APC. */
const starts = /[\x1b\x90\x98\x9b\x9d-\x9f]/g;

type State = 'text' | 'escape' | 'csi' | 'string';

/**
 * Makes a function that takes terminal output piece by piece and gives its plain text: without escape sequences
 * (ECMA-48), cut ones included, and without control characters. A line that is overwritten (CR) becomes lines.
 */
export function createEscapeStripper(): (text: string) => string {
  let state: State = 'text';
  let endedWithReturn = false;

  const takeText = (text: string): string => {
    const fresh = endedWithReturn ? text.replace(/^\r*\n?/, '') : text;
    const plain = fresh.replace(/\r+\n?/g, '\n');
    endedWithReturn = text.endsWith('\r');
    return plain.replace(controls, '');
  };

  return (text) => {
    let plain = '';
    let position = 0;
    while (position < text.length) {
      if (state === 'text') {
        starts.lastIndex = position;
        const start = starts.exec(text)?.index ?? text.length;
        if (start > position) plain += takeText(text.slice(position, start));
        if (start < text.length) state = stateAfter(text.charCodeAt(start));
        position = start + 1;
      } else {
        const code = text.charCodeAt(position);
        const { next, isUsed } = step(state, code);
        state = next;
        if (isUsed) position += 1;
      }
    }
    return plain;
  };
}

function stateAfter(start: number): State {
  if (start === escapeCode) return 'escape';
  return start === 0x9b ? 'csi' : 'string';
}

/** Where a character inside a sequence leads, and whether it belongs to the sequence. */
function step(state: State, code: number): { readonly next: State; readonly isUsed: boolean } {
  if (code === escapeCode) return { next: 'escape', isUsed: true };
  // No sequence holds a line break: one that was never ended may not swallow the lines that follow.
  if (code === 0x0a || code === 0x0d) return { next: 'text', isUsed: false };
  if (state === 'string') return { next: code === bellCode || code === 0x9c ? 'text' : 'string', isUsed: true };
  if (state === 'csi') {
    if (code >= 0x20 && code <= 0x3f) return { next: 'csi', isUsed: true };
    return { next: 'text', isUsed: code >= 0x40 && code <= 0x7e };
  }
  if (code === 0x5b) return { next: 'csi', isUsed: true };
  if ('PX]^_'.includes(String.fromCharCode(code))) return { next: 'string', isUsed: true };
  // ESC, intermediates, one final character.
  if (code >= 0x20 && code <= 0x2f) return { next: 'escape', isUsed: true };
  return { next: 'text', isUsed: code >= 0x30 && code <= 0x7e };
}
