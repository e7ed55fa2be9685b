// The globals of Node that mqtt.js and its streams use by name.
import { Buffer } from 'buffer';
import * as __process from './process.cjs';

export { __process, Buffer };
