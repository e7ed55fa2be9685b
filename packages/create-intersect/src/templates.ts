/** What there is to begin with. The files are put together at the build (scripts/gather-templates.mjs). */
export const TEMPLATES = {
  service: 'a service, and a client that asks it',
  client: 'a client that asks a service and hears its events; a service stands in until you have yours',
  browser: 'a web page that asks a service; a service stands in until you have yours',
  full: 'a service, a client and a web page',
} as const;

export type TemplateName = keyof typeof TEMPLATES;

export const USUAL_TEMPLATE: TemplateName = 'service';

export function isTemplate(name: string): name is TemplateName {
  return Object.hasOwn(TEMPLATES, name);
}

/** One line for each. */
export function templateLines(): string {
  return Object.entries(TEMPLATES)
    .map(([name, what]) => `  ${name.padEnd(8)} ${what}`)
    .join('\n');
}

/** Whether a template has these parts. */
export const HAS_PAGE: ReadonlySet<TemplateName> = new Set(['browser', 'full']);
export const HAS_CLIENT: ReadonlySet<TemplateName> = new Set(['service', 'client', 'full']);
