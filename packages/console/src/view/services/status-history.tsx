import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { linkTo } from '../../state/route.js';
import { TEXTS } from '../../texts.js';
import type { ToldStatuses } from '../../worker/protocol.js';
import { useConsole } from '../console-context.js';
import { timeText } from '../parts/times.js';
import { ValueTree } from '../parts/value-tree.js';

/** What a service told of itself, the newest first. */
export function StatusHistory({ address }: { readonly address: string }): JSX.Element {
  const { link, services } = useConsole();
  const toldAtMs = services.value.get(address)?.toldAtMs;
  const [told, setTold] = useState<readonly ToldStatuses[]>([]);
  // Asked again when something new was told.
  useEffect(() => {
    link.call('statuses', { address }).then(setTold, () => {});
  }, [address, toldAtMs]);
  const [newest, ...older] = [...told].reverse();
  if (!newest) return <p class="faint">{TEXTS.status.none}</p>;
  return (
    <>
      <p>
        <a href={linkTo({ page: 'plots', series: [] })}>{TEXTS.status.plotThis}</a>
      </p>
      <Statuses told={newest} />
      {older.length > 0 && <h2>{TEXTS.status.history}</h2>}
      {older.map((each) => (
        <details key={each.atMs} class="card">
          <summary>{TEXTS.status.toldAt(timeText(each.atMs))}</summary>
          <Statuses told={each} />
        </details>
      ))}
    </>
  );
}

function Statuses({ told }: { readonly told: ToldStatuses }): JSX.Element {
  return (
    <section class="card">
      <p class="faint">{TEXTS.status.toldAt(timeText(told.atMs))}</p>
      {Object.entries(told.statuses ?? {}).map(([capability, status]) => (
        <ValueTree key={capability} name={capability} value={status} open={3} />
      ))}
    </section>
  );
}
