import { useLayoutEffect, useRef } from 'react';
import type { OutputLine } from '../../shared/protocol/jobs.ts';

const shownLines = 400;

/** What commands have written, each under its name. Stays at its end while one is there. */
export function OutputLog({ lines, label = 'Output' }: { lines: readonly OutputLine[]; label?: string }) {
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const shown = lines.slice(-shownLines);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with every line that comes
  useLayoutEffect(() => {
    if (isAtEnd.current && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [lines]);
  const note = ({ currentTarget: { scrollHeight, scrollTop, clientHeight } }: React.UIEvent<HTMLElement>) => {
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < 24;
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
    <div ref={box} className="log" role="log" aria-label={label} tabIndex={0} onScroll={note}>
      {shown.map((line, index) => (
        <div key={line.number}>
          {isOther(line, shown[index - 1]) ? (
            <b>
              $ {line.command}
              {line.folder === '' ? '' : `   in ${line.folder}`}
              {'\n'}
            </b>
          ) : null}
          {line.text === '' ? ' ' : line.text}
        </div>
      ))}
    </div>
  );
}

const isOther = (line: OutputLine, before: OutputLine | undefined): boolean =>
  before === undefined || before.command !== line.command || before.folder !== line.folder;
