/** Where in the console one is; each place has a link. */
export type Route =
  | { readonly page: 'services'; readonly search: string }
  | { readonly page: 'service'; readonly address: string; readonly tab: ServiceTab }
  | {
      readonly page: 'operation';
      readonly address: string;
      readonly operation: string;
      readonly saved?: string;
    }
  | { readonly page: 'timeline'; readonly query: Readonly<Record<string, string>>; readonly entry?: number }
  | { readonly page: 'plots'; readonly series: readonly string[] }
  | { readonly page: 'saved' };

export type ServiceTab = 'operations' | 'events' | 'status' | 'schema';
const TABS: readonly string[] = ['operations', 'events', 'status', 'schema'];

/** The link of a place: the fragment of the page's address. */
export function linkTo(route: Route): string {
  const part = encodeURIComponent;
  switch (route.page) {
    case 'services':
      return `#/services${queryText(route.search ? [['search', route.search]] : [])}`;
    case 'service':
      return `#/services/${part(route.address)}${route.tab === 'operations' ? '' : `/${route.tab}`}`;
    case 'operation': {
      const saved = queryText(route.saved ? [['saved', route.saved]] : []);
      return `#/services/${part(route.address)}/operations/${part(route.operation)}${saved}`;
    }
    case 'timeline': {
      const entry = route.entry === undefined ? '' : `/${route.entry}`;
      return `#/timeline${entry}${queryText(Object.entries(route.query).filter(([, value]) => value !== ''))}`;
    }
    case 'plots':
      return `#/plots${queryText(route.series.map((each) => ['series', each]))}`;
    case 'saved':
      return '#/saved';
  }
}

/** The place that a fragment names; the list of services where it names none. */
export function routeOf(fragment: string): Route {
  const [path = '', query = ''] = fragment.replace(/^#/, '').split('?', 2);
  const parts = path.split('/').slice(1).map(decoded);
  const params = new URLSearchParams(query);
  const [page, first, second, third] = parts;
  if (page === 'services' && first && second === 'operations' && third) {
    const saved = params.get('saved');
    return { page: 'operation', address: first, operation: third, ...(saved && { saved }) };
  }
  if (page === 'services' && first) {
    const tab = second !== undefined && TABS.includes(second) ? (second as ServiceTab) : 'operations';
    return { page: 'service', address: first, tab };
  }
  if (page === 'timeline') {
    const entry = first !== undefined && /^\d{1,9}$/.test(first) ? Number(first) : undefined;
    return { page, query: Object.fromEntries(params), ...(entry !== undefined && { entry }) };
  }
  if (page === 'plots') return { page, series: params.getAll('series') };
  if (page === 'saved') return { page };
  return { page: 'services', search: params.get('search') ?? '' };
}

function queryText(pairs: readonly (readonly [string, string])[]): string {
  const text = new URLSearchParams(pairs.map(([name, value]) => [name, value])).toString();
  return text && `?${text}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
