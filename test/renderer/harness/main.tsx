import './without-eval.ts';
import { createRoot } from 'react-dom/client';
import { Panel } from '../../../src/renderer/app/panel.tsx';
import { createFixtureClient } from './fixtures/fixture-client.ts';
import { findScenario } from './fixtures/scenarios.ts';

// The panel over invented data, to look at: `?scenario=protected&theme=dark#/settings`.
const query = new URLSearchParams(window.location.search);
const theme = query.get('theme');
if (theme !== null) document.documentElement.dataset['theme'] = theme;
if (query.has('large')) document.documentElement.style.fontSize = '200%';
const element = document.getElementById('panel');
const client = createFixtureClient(findScenario(query.get('scenario')));
if (element !== null) createRoot(element).render(<Panel client={client} />);
