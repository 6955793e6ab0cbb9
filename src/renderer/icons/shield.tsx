import { useId } from 'react';
import type { ProtectionState } from '../../shared/results.ts';
import './icon.css';

const outline =
  'M20 2.6c4.8 3.4 10 5.2 16 5.7v13.2c0 10.3-6.1 17.7-16 21.9C10.1 39.2 4 31.8 4 21.5V8.3c6-.5 11.2-2.3 16-5.7Z';
const topY = 2.6;
const heightY = 40.8;

/** The state as a shield: outline while nothing is asked of the user, solid when something is. `level` is 0 to 1. */
export function Shield({
  state,
  height = 44,
  level = 0,
}: {
  state: ProtectionState | 'plain';
  height?: number;
  level?: number;
}) {
  return (
    <svg
      className={`shield shield-${state}`}
      viewBox="2 1 36 44"
      width={(height * 36) / 44}
      height={height}
      fill="none"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <Drawing state={state} level={level} />
    </svg>
  );
}

function Drawing({ state, level }: { state: ProtectionState | 'plain'; level: number }) {
  const id = useId();
  const body = { d: outline, stroke: 'var(--shield)', strokeWidth: 2.2 };
  switch (state) {
    case 'protected':
    case 'plain':
      return (
        <>
          <path {...body} fill="var(--tint)" />
          <path d="m12.4 22.6 5.4 5.4 9.9-11.2" stroke="var(--shield)" strokeWidth="2.8" />
        </>
      );
    case 'running':
      return (
        <>
          <clipPath id={id}>
            <path d={outline} />
          </clipPath>
          <path d={outline} fill="var(--tint)" />
          <g clipPath={`url(#${id})`}>
            <rect
              className="shield-level"
              x="0"
              y={topY + heightY * (1 - level)}
              width="40"
              height={heightY}
              fill="var(--shield)"
              fillOpacity="0.28"
            />
          </g>
          <path {...body} />
          <path d="M20 31V17M14 22.8l6-6 6 6" stroke="var(--shield)" strokeWidth="2.8" />
        </>
      );
    case 'attention':
      return (
        <>
          <path {...body} fill="var(--shield)" />
          <path d="M20 13v13.2M20 32.6v.1" stroke="var(--on-state)" strokeWidth="3.6" />
        </>
      );
    case 'failed':
      return (
        <>
          <path {...body} fill="var(--shield)" />
          <path d="m13.8 16.6 12.4 12.4m0-12.4L13.8 29" stroke="var(--on-state)" strokeWidth="3.2" />
        </>
      );
    case 'unprotected':
      return (
        <>
          <mask id={id} maskUnits="userSpaceOnUse" x="0" y="0" width="40" height="48">
            <rect width="40" height="48" fill="white" />
            <path d="M3 5.4 37 40.6" stroke="black" strokeWidth="7" />
          </mask>
          <path {...body} fill="var(--tint)" mask={`url(#${id})`} />
          <path d="M3 5.4 37 40.6" stroke="var(--shield)" strokeWidth="2.6" />
        </>
      );
  }
}
