import type { Meter } from '@opentelemetry/api';
import { attributesOf, BOUNDS, type DurationFigures, type Figures } from './figures.js';
import { INTERSECT_ATTRIBUTE, INTERSECT_METRIC, METRIC } from './names.js';

/** Gives the figures to OpenTelemetry: durations one by one, everything else only when it collects, so that a message costs little. */
export function offerMetrics(meter: Meter, figures: Figures): void {
  counted(meter, figures.sent, { count: METRIC.sent, time: METRIC.sendDuration });
  counted(meter, figures.processed, { count: METRIC.consumed, time: METRIC.processDuration });
  meter
    .createObservableUpDownCounter(INTERSECT_METRIC.pending, {
      description: 'Requests that wait for their answer',
    })
    .addCallback((result) => result.observe(figures.pending));
  meter
    .createObservableUpDownCounter(INTERSECT_METRIC.working, {
      description: 'Requests and events whose handlers are under way',
    })
    .addCallback((result) => result.observe(figures.working));
  meter
    .createObservableCounter(INTERSECT_METRIC.lost, {
      description: 'Messages that were dropped, refused or not taken',
    })
    .addCallback((result) => result.observe(figures.lost));
  meter
    .createObservableCounter(INTERSECT_METRIC.reports, { description: 'Reports, by kind' })
    .addCallback((result) => {
      for (const [kind, count] of figures.reports)
        result.observe(count, { [INTERSECT_ATTRIBUTE.report]: kind });
    });
  meter
    .createObservableUpDownCounter(INTERSECT_METRIC.connected, {
      description: 'Open connections, by broker',
    })
    .addCallback((result) => {
      for (const [broker, { open }] of figures.brokers)
        result.observe(open, { [INTERSECT_ATTRIBUTE.broker]: broker });
    });
  meter
    .createObservableCounter(INTERSECT_METRIC.reconnects, { description: 'Connections made again' })
    .addCallback((result) => {
      for (const [broker, { reconnects }] of figures.brokers)
        result.observe(reconnects, { [INTERSECT_ATTRIBUTE.broker]: broker });
    });
}

function counted(
  meter: Meter,
  durations: DurationFigures,
  names: { readonly count: string; readonly time: string },
): void {
  durations.sink = meter.createHistogram(names.time, {
    unit: 's',
    advice: { explicitBucketBoundaries: [...BOUNDS] },
  });
  meter.createObservableCounter(names.count, { unit: '{message}' }).addCallback((result) => {
    for (const { name, errorType, count } of durations.all()) {
      result.observe(count, attributesOf(name, errorType));
    }
  });
}
