import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose_gc');

/** Collects garbage now. */
export const collect = runInNewContext('gc') as (options: { readonly type: 'minor' | 'major' }) => void;
