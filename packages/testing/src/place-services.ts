import { internalsOf } from '@intersect-sdk/contract/internal';
import type { AnyCapability } from '@intersect-sdk/contract/plain';
import { addressOf, ConfigError, type Hierarchy, hierarchyOf, type Issue } from '@intersect-sdk/core';
import { kindOf } from '@intersect-sdk/core/internal';
import { IntersectService } from '@intersect-sdk/service';
import type { LabService, LabWiring, PlacedService } from './lab-options.js';

/** A service of a lab, and what it offers, as far as the lab was told. */
export interface Placed {
  readonly service: IntersectService;
  readonly capabilities: readonly AnyCapability[];
}

/** Makes every service; none is started. Throws ConfigError with every problem of all that the lab itself places. */
export function placeServices(given: readonly LabService[], wiring: () => LabWiring): readonly Placed[] {
  const issues: Issue[] = [];
  const taken = new Set<string>();
  const placed = given.flatMap((one, index): Placed[] => {
    const path = `services[${index}]`;
    if (typeof one === 'function') return [{ service: one(wiring()), capabilities: [] }];
    const wanted = placedOf(one);
    if (!wanted) {
      const message = `must be a capability with its code, { capabilities }, or a function that makes a service, got ${kindOf(one)}`;
      issues.push({ path, message });
      return [];
    }
    const { capabilities, address, ...options } = wanted;
    const hierarchy = address === undefined ? freePlace(capabilities[0], taken) : hierarchyOf(address);
    if (!hierarchy) {
      const message = 'must be an address, five parts with dots between them';
      issues.push({ path: `${path}.address`, message });
      return [];
    }
    taken.add(addressOf(hierarchy));
    const { brokers, observers } = wiring();
    const all = [...observers, ...(options.observers ?? [])];
    return [
      {
        service: new IntersectService(capabilities, { ...options, hierarchy, brokers, observers: all }),
        capabilities,
      },
    ];
  });
  if (issues.length > 0) throw new ConfigError('The lab cannot be started', issues);
  return placed;
}

function placedOf(given: unknown): PlacedService | undefined {
  if (internalsOf(given)) return { capabilities: [given as AnyCapability] };
  const { capabilities } = (given ?? {}) as Partial<PlacedService>;
  return Array.isArray(capabilities) ? (given as PlacedService) : undefined;
}

const WORDS = /(?<=[a-z\d])(?=[A-Z])|[^A-Za-z\d]+/;
const PLACE = { organization: 'test-lab', facility: 'test-facility', system: 'test-system' };

/** The place of a service that was given none: it is called as its first capability. */
function freePlace(capability: AnyCapability | undefined, taken: ReadonlySet<string>): Hierarchy {
  const words = (capability?.name ?? '').split(WORDS).filter(Boolean).join('-').toLowerCase();
  const name = hierarchyOf(addressOf({ ...PLACE, service: words })) ? words : 'service';
  for (let number = 1; ; number++) {
    const hierarchy = { ...PLACE, service: number === 1 ? name : `${name}-${number}` };
    if (!taken.has(addressOf(hierarchy))) return hierarchy;
  }
}
