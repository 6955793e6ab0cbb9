import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { Panel } from '../../../src/renderer/app/panel.tsx';
import { createFixtureClient } from './fixtures/fixture-client.ts';
import { findScenario } from './fixtures/scenarios.ts';

// The panel over invented data, to look at: `?scenario=protected&theme=dark#/settings`.
// The fixtures parse settings, which the panel itself never does; by default zod asks whether it may use `eval`.
z.config({ jitless: true });
const query = new URLSearchParams(window.location.search);
const theme = query.get('theme');
if (theme !== null) document.documentElement.dataset['theme'] = theme;
if (query.has('large')) document.documentElement.style.fontSize = '200%';
const element = document.getElementById('panel');
const client = createFixtureClient(findScenario(query.get('scenario')));
if (element !== null) createRoot(element).render(<Panel client={client} />);
