import './icon.css';

/** Shape first, colour second: disc, check, ring, cross, triangle, turning arc. */
export type Mark = 'ok' | 'done' | 'wait' | 'failed' | 'attention' | 'running';

/** The state of one thing in 12 px. `label` names it where no word stands beside it. */
export function StateMark({ mark, label }: { mark: Mark; label?: string }) {
  return (
    <svg
      className={`state-mark state-mark-${mark}`}
      viewBox="0 0 12 12"
      fill="none"
      role="img"
      aria-label={label ?? mark}
      aria-hidden={label === undefined}
    >
      {label === undefined ? null : <title>{label}</title>}
      <Shape mark={mark} />
    </svg>
  );
}

function Shape({ mark }: { mark: Mark }) {
  const line = { stroke: 'currentColor', strokeWidth: 1.7, strokeLinecap: 'round', strokeLinejoin: 'round' } as const;
  switch (mark) {
    case 'ok':
      return <circle cx="6" cy="6" r="4" fill="currentColor" />;
    case 'done':
      return <path d="M2 6.5 4.9 9.3 10 3.1" {...line} />;
    case 'wait':
      return <circle cx="6" cy="6" r="3.5" stroke="currentColor" strokeWidth="1.4" />;
    case 'failed':
      return <path d="M2.5 2.5l7 7M9.5 2.5l-7 7" {...line} />;
    case 'attention':
      return (
        <path d="M6 2 10.5 10h-9Z" fill="currentColor" stroke="currentColor" strokeWidth="1" strokeLinejoin="round" />
      );
    case 'running':
      return (
        <>
          <circle cx="6" cy="6" r="4.5" stroke="currentColor" strokeOpacity="0.25" strokeWidth="1.5" />
          <path d="M6 1.5A4.5 4.5 0 0 1 10.5 6" {...line} strokeWidth={1.5} />
        </>
      );
  }
}
