import type { MessageFromEngine, MessageToEngine } from '../shared/app-messages.ts';
import { createBridgeCarrier } from '../shared/protocol/bridge-carrier.ts';
import { createClient, type PanelClient } from '../shared/protocol/client.ts';
import type { JobState } from '../shared/protocol/jobs.ts';
import { type BridgeRelay, createBridgeRelay, createOwnPort } from './bridge-relay.ts';
import { type EngineChild, type EngineProcess, keepEngineProcess } from './engine-process.ts';
import { createEngineQuestions, type EngineQuestions } from './engine-questions.ts';
import { type EngineFollower, followEngine } from './follow-engine.ts';
import type { MainLog } from './log.ts';

/** The engine process, and every way in which main and its windows reach it. */
export interface EngineLink {
  readonly engine: EngineProcess;
  readonly relay: BridgeRelay;
  readonly questions: EngineQuestions;
  readonly client: PanelClient;
  readonly follower: EngineFollower;
  /** Hears when the engine process has ended unasked, and these jobs with it; it is started again. */
  onLost(listener: (why: string, jobs: readonly JobState[]) => void): void;
}

export interface EngineLinkOptions {
  readonly fork: () => EngineChild;
  readonly begin: () => MessageToEngine;
  readonly log: MainLog;
  readonly showPath: (path: string) => void;
  /** How often it is asked whether it still answers; else as often as is usual. */
  readonly heartbeatMs?: number | undefined;
}

export function openEngineLink({ fork, begin, log, showPath, heartbeatMs }: EngineLinkOptions): EngineLink {
  const lossListeners = new Set<(why: string, jobs: readonly JobState[]) => void>();
  const post = (message: MessageToEngine): void => engine.post(message);
  const relay = createBridgeRelay((message) => post({ kind: 'bridge', message }));
  const questions = createEngineQuestions(post);
  const take = (message: MessageFromEngine): void => {
    switch (message.kind) {
      case 'ready':
        relay.engineReady();
        questions.engineReady();
        break;
      case 'bridge':
        relay.takeFromEngine(message.message);
        break;
      case 'ticket':
      case 'file':
      case 'piece':
      case 'downloadFailed':
        questions.answered(message);
        break;
      case 'showPath':
        showPath(message.path);
        post({ kind: 'shown', number: message.number, problem: null });
        break;
      default:
        break;
    }
  };
  const engine = keepEngineProcess({
    fork,
    begin,
    onMessage: take,
    onLost: (why, pauseMs) => {
      log.warn(`The engine process was lost (${why}); it is started again in ${pauseMs} ms.`);
      relay.engineGone(`the engine stopped: ${why}`);
      questions.engineGone(why);
      const jobs = follower.engineLost(why);
      for (const listener of lossListeners) listener(why, jobs);
    },
    log,
    now: () => performance.now(),
    ...(heartbeatMs === undefined ? {} : { heartbeat: { everyMs: heartbeatMs } }),
  });
  const after = (milliseconds: number, listener: () => void): (() => void) => {
    const timer = setTimeout(listener, milliseconds);
    return () => clearTimeout(timer);
  };
  const client = createClient(createBridgeCarrier({ port: createOwnPort(relay), after }));
  const follower = followEngine(client, (error) => log.error(String(error)));
  return { engine, relay, questions, client, follower, onLost: (listener) => void lossListeners.add(listener) };
}
