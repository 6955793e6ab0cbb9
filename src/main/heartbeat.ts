/** Asks now and then whether the engine process still answers. Counts its own ticks, so that sleep is no silence. */
export interface Heartbeat {
  answered(number: number): void;
  stop(): void;
}

export interface HeartbeatOptions {
  readonly ping: (number: number) => void;
  readonly onHung: () => void;
  readonly everyMs?: number;
  /** So many questions in a row without an answer: it hangs. */
  readonly mostMissed?: number;
}

export function startHeartbeat({ ping, onHung, everyMs = 15_000, mostMissed = 4 }: HeartbeatOptions): Heartbeat {
  let asked = 0;
  let answered = 0;
  const timer = setInterval(() => {
    if (asked - answered >= mostMissed) {
      clearInterval(timer);
      onHung();
      return;
    }
    asked += 1;
    ping(asked);
  }, everyMs);
  return {
    answered: (number) => {
      answered = Math.max(answered, number);
    },
    stop: () => clearInterval(timer),
  };
}
