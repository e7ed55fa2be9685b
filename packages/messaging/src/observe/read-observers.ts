import type { Logger } from '@intersect-sdk/core';
import { custom, kindOf, type OptionRow, type Wire } from '@intersect-sdk/core/internal';
import type { Observer } from './observer.js';
import { Observers } from './observers.js';
import type { ReportListener } from './report.js';

/** All who are told, by the options `onReport`, `observers` and `logger` of a client or service. */
export function observersOf({ onReport, observers = [], logger }: GivenObservers, wire: Wire): Observers {
  return new Observers({ wire, logger, observers: onReport ? [{ onReport }, ...observers] : observers });
}

interface GivenObservers {
  readonly onReport: ReportListener | undefined;
  readonly observers: readonly Observer[] | undefined;
  readonly logger: Logger;
}

const METHODS = ['onMessage', 'onReport', 'onConnection', 'onDeparture', 'aroundWork'] as const;

/** The row of one observer. */
export function observerRow(): OptionRow<Observer, Observer> {
  return custom<Observer, Observer>({
    read({ value, path, issues }) {
      const observer = (value ?? {}) as Observer;
      const told = METHODS.map((name) => observer[name]).filter((each) => each !== undefined);
      if (told.length > 0 && told.every((each) => typeof each === 'function')) return value as Observer;
      const message = `must be an object with at least one function among ${METHODS.join(', ')}, got ${kindOf(value)}`;
      issues.push({ path, message });
      return {};
    },
  });
}
