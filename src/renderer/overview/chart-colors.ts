/** The colours of the chart as a canvas takes them. */
export interface ChartColors {
  readonly line: string;
  readonly area: string;
  readonly grid: string;
  readonly base: string;
  readonly text: string;
  readonly soft: string;
  readonly bad: string;
  readonly badSoft: string;
  readonly band: string;
  readonly surface: string;
}

const names: Readonly<Record<keyof ChartColors, string>> = {
  line: '--accent-text',
  area: '--accent-soft',
  grid: '--line-faint',
  base: '--line-strong',
  text: '--text',
  soft: '--text-2',
  bad: '--bad',
  badSoft: '--bad-soft',
  band: '--fill-2',
  surface: '--surface',
};

/** Resolves the tokens for the theme that holds now: a custom property alone would still say `light-dark(…)`. */
export function readChartColors(within: HTMLElement): ChartColors {
  const probe = document.createElement('span');
  within.append(probe);
  const read = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const colors: ChartColors = {
    line: read(names.line),
    area: read(names.area),
    grid: read(names.grid),
    base: read(names.base),
    text: read(names.text),
    soft: read(names.soft),
    bad: read(names.bad),
    badSoft: read(names.badSoft),
    band: read(names.band),
    surface: read(names.surface),
  };
  probe.remove();
  return colors;
}
