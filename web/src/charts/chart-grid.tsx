/** The charts of many metrics, in sections by the part of their names before the first `/`; one may fill the screen. */
import { type ReactNode, useEffect, useState } from 'react';
import { countText } from '../format/numbers.ts';
import { Dialog } from '../ui/dialog.tsx';
import { BarCard } from './bar-card.tsx';
import { ChartCard, type ChartSource } from './chart-card.tsx';
import { ChartBar, type ChartSettings } from './chart-settings.tsx';
import { sectionsOf } from './sections.ts';

/** Charts of a section that are there at once; beyond, somebody asks for them. */
const chartsAtOnce = 60;

interface Charts {
  /** The metrics that are drawn as lines; of the others each run is a bar. See curvesOf. */
  readonly curves: ReadonlySet<string>;
  readonly sourcesOf: (key: string) => readonly ChartSource[];
  readonly settings: ChartSettings;
}

/** `legend` stands with the one chart that fills the screen. */
export function ChartGrid(props: Charts & { keys: readonly string[]; legend?: ReactNode }) {
  const { keys, curves, sourcesOf, settings } = props;
  const sections = sectionsOf(keys, curves);
  const large = settings.chart !== undefined && keys.includes(settings.chart) ? settings.chart : undefined;
  return (
    <div className="chart-sections">
      {sections.map((section) => (
        <Section
          key={section.name}
          {...section}
          alone={sections.length === 1}
          curves={curves}
          sourcesOf={sourcesOf}
          settings={settings}
        />
      ))}
      {large !== undefined && (
        <LargeChart
          title={large}
          allKeys={keys}
          legend={props.legend}
          curves={curves}
          sourcesOf={sourcesOf}
          settings={settings}
        />
      )}
    </div>
  );
}

function Chart({ title, curves, sourcesOf, settings }: Charts & { title: string }) {
  const onExpand = () => settings.set({ chart: title });
  if (!curves.has(title))
    return (
      <BarCard
        title={title}
        sources={sourcesOf(title)}
        onTime={() => settings.set({ x: 'relative' })}
        onExpand={onExpand}
      />
    );
  return (
    <ChartCard
      title={title}
      sources={sourcesOf(title)}
      over={settings.over === undefined ? undefined : sourcesOf(settings.over)}
      settings={settings}
      onExpand={onExpand}
    />
  );
}

/** One chart on the whole screen, with the settings that all charts have. */
function LargeChart(props: Charts & { title: string; allKeys: readonly string[]; legend: ReactNode }) {
  const { title, curves, sourcesOf, settings } = props;
  const height = useLargeHeight();
  return (
    <Dialog title={title} className="chart-dialog" onClose={() => settings.set({ chart: undefined })}>
      {curves.has(title) ? (
        <>
          <ChartBar settings={settings} metrics={props.allKeys} />
          {props.legend}
          <ChartCard
            title={title}
            sources={sourcesOf(title)}
            over={settings.over === undefined ? undefined : sourcesOf(settings.over)}
            settings={settings}
            height={height}
          />
        </>
      ) : (
        <BarCard title={title} sources={sourcesOf(title)} onTime={() => settings.set({ x: 'relative' })} />
      )}
    </Dialog>
  );
}

/** What is left of the screen beside the head, the settings and the foot. */
function useLargeHeight(): number {
  const [height, setHeight] = useState(() => innerHeight - 240);
  useEffect(() => {
    const resized = () => setHeight(innerHeight - 240);
    window.addEventListener('resize', resized);
    return () => window.removeEventListener('resize', resized);
  }, []);
  return Math.max(200, height);
}

function Section(props: Charts & { name: string; keys: readonly string[]; alone: boolean }) {
  const { name, keys, curves, settings, sourcesOf } = props;
  const [open, setOpen] = useState(name !== 'system');
  const [shown, setShown] = useState(chartsAtOnce);
  const cards = (
    <>
      <div className="charts">
        {keys.slice(0, shown).map((key) => (
          <Chart key={key} title={key} curves={curves} sourcesOf={sourcesOf} settings={settings} />
        ))}
      </div>
      {keys.length > shown && (
        <p className="more">
          {countText(shown)} of {countText(keys.length)} charts.{' '}
          <button type="button" className="link-button" onClick={() => setShown(shown + chartsAtOnce)}>
            Show {countText(Math.min(chartsAtOnce, keys.length - shown))} more
          </button>
        </p>
      )}
    </>
  );
  if (props.alone && name === '') return cards;
  return (
    <details
      className="chart-section"
      open={open}
      onToggle={(event) => setOpen((event.target as HTMLDetailsElement).open)}
    >
      <summary>
        {name === '' ? 'Metrics' : name === 'system' ? 'System metrics' : name}{' '}
        <span className="faint">{countText(keys.length)}</span>
      </summary>
      {open && cards}
    </details>
  );
}
