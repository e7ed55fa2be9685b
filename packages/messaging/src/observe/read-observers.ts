import type { Logger } from '@intersect-sdk/core';
import { type FieldReader, kindOf, type Wire } from '@intersect-sdk/core/internal';
import type { Observer } from './observer.js';
import { Observers } from './observers.js';
import type { ReportListener } from './report.js';

/** Reads the fields `onReport` and `observers` of a client's or service's configuration. */
export function readObservers(
  read: FieldReader,
  { wire, logger }: { readonly wire: Wire; readonly logger: Logger },
): Observers {
  const onReport = read.callback<ReportListener>('onReport');
  const given = read.list('observers', (value, path) => readObserver(value, path, read));
  const observers = onReport ? [{ onReport }, ...given] : given;
  return new Observers({ wire, logger, observers });
}

function readObserver(value: unknown, path: string, read: FieldReader): Observer {
  const { onMessage, onReport } = (value ?? {}) as Observer;
  const told = [onMessage, onReport].filter((each) => each !== undefined);
  if (told.length > 0 && told.every((each) => typeof each === 'function')) return value as Observer;
  const message = `must be an object with a function onMessage, onReport, or both, got ${kindOf(value)}`;
  read.issues.push({ path, message });
  return {};
}
