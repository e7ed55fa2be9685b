import { runAppOnDevBroker } from '@intersect-sdk/app-harness';
import { test } from 'vitest';
import { app } from './app.js';

test('runs as its README says, on the embedded broker', () => runAppOnDevBroker(app));
