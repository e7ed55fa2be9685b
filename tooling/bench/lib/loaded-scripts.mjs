// Imports a program and says which scripts that loaded, ES modules and CommonJS alike.
import { Session } from 'node:inspector';
import { settings } from './commands.mjs';

/** @type {string[]} */
const urls = [];
const session = new Session();
session.connect();
session.on('Debugger.scriptParsed', ({ params: { url } }) => urls.push(url));
session.post('Debugger.enable');
await import(settings().program);
session.disconnect();
process.stdout.write(`${JSON.stringify({ result: urls })}\n`);
