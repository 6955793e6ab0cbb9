export { request } from './request.js';
export { readJson, startService } from './service.js';
export { config, ports, root } from './settings.js';
