import { BOUNDS, type DurationFigures, type Figures } from './figures.js';

type Labels = Readonly<Record<string, string>>;

/** One name, what it means, and its values. */
interface Family {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly samples: readonly (readonly [Labels, number])[];
}

/** The figures in the text format that Prometheus reads, version 0.0.4. */
export function prometheusTextOf(figures: Figures): string {
  const send = 'Requests until their answer, events until a broker had them';
  const lines = [
    ...histogram('intersect_send_duration_seconds', send, figures.sent),
    ...histogram(
      'intersect_process_duration_seconds',
      'Handlers, from their call to their end',
      figures.processed,
    ),
    ...familiesOf(figures).flatMap((family) => linesOf(family)),
  ];
  return `${lines.join('\n')}\n`;
}

function familiesOf({ pending, working, lost, reports, brokers }: Figures): readonly Family[] {
  return [
    {
      name: 'intersect_requests_pending',
      type: 'gauge',
      help: 'Requests that wait for their answer',
      samples: [[{}, pending]],
    },
    {
      name: 'intersect_messages_unacknowledged',
      type: 'gauge',
      help: 'Requests and events whose handlers are under way',
      samples: [[{}, working]],
    },
    {
      name: 'intersect_messages_lost_total',
      type: 'counter',
      help: 'Messages that were dropped, refused or not taken',
      samples: [[{}, lost]],
    },
    {
      name: 'intersect_reports_total',
      type: 'counter',
      help: 'Reports, by kind',
      samples: [...reports].map(([kind, count]) => [{ kind }, count]),
    },
    {
      name: 'intersect_broker_connections',
      type: 'gauge',
      help: 'Open connections',
      samples: [...brokers].map(([broker, { open }]) => [{ broker }, open]),
    },
    {
      name: 'intersect_broker_reconnects_total',
      type: 'counter',
      help: 'Connections that were made again',
      samples: [...brokers].map(([broker, { reconnects }]) => [{ broker }, reconnects]),
    },
  ];
}

function linesOf({ name, type, help, samples }: Family): readonly string[] {
  return [...heading(name, type, help), ...samples.map(([labels, value]) => sample(name, labels, value))];
}

function histogram(name: string, help: string, durations: DurationFigures): readonly string[] {
  const lines = heading(name, 'histogram', help);
  for (const { name: operation, errorType, count, sumSeconds, buckets } of durations.all()) {
    const labels = { operation, ...(errorType !== undefined && { error_type: errorType }) };
    BOUNDS.forEach((bound, index) => {
      lines.push(sample(`${name}_bucket`, { ...labels, le: String(bound) }, buckets[index] ?? 0));
    });
    lines.push(
      sample(`${name}_bucket`, { ...labels, le: '+Inf' }, count),
      sample(`${name}_sum`, labels, sumSeconds),
      sample(`${name}_count`, labels, count),
    );
  }
  return lines;
}

function heading(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function sample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`;
}

function escaped(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}
