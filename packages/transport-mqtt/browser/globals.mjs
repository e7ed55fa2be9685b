// The globals of Node that mqtt.js and its streams use by name.
// biome-ignore lint/style/useNodejsImportProtocol: the bundle puts a package for browsers in its place
import { Buffer } from 'buffer';
import * as __process from './process.cjs';

export { __process, Buffer };
