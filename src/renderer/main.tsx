import { createRoot } from 'react-dom/client';
import { Panel } from './app/panel.tsx';
import { openClient } from './client/open-client.ts';

const element = document.getElementById('panel');
if (element !== null) createRoot(element).render(<Panel client={openClient()} />);
