import { parentPortOf } from './parent-port.ts';
import { runEngineProcess } from './run-engine-process.ts';

// Entry of the app's engine process, which main forks.
runEngineProcess(parentPortOf(process));
