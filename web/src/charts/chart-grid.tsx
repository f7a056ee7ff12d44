/** The charts of many metrics, in sections by the part of their names before the first `/`; one may fill the screen. */
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { countText } from '../format/numbers.ts';
import { Dialog } from '../ui/dialog.tsx';
import { BarCard } from './bar-card.tsx';
import { ChartCard } from './chart-card.tsx';
import { ChartBar, type ChartSettings } from './chart-settings.tsx';
import type { ChartSource } from './chart-source.ts';
import { sectionsOf } from './sections.ts';
import { useNear } from './use-near.ts';

/**
 * Charts of a section that are there at once; the next ones come when somebody scrolls that far. Sections below as many come
 * as a whole: of 1,000 metrics in ten sections 600 charts stood waiting, and the first one was drawn after all of them.
 */
const chartsAtOnce = 24;

interface Charts {
  /** The metrics that are drawn as lines; of the others each run is a bar. See curvesOf. */
  readonly curves: ReadonlySet<string>;
  readonly sourcesOf: (key: string) => readonly ChartSource[];
  readonly settings: ChartSettings;
}

/**
 * `legend` stands with the one chart that fills the screen. `onMore`: there are more metrics than `keys`, and this asks for
 * them. `isPending`: the keys are not known yet.
 */
export function ChartGrid(
  props: Charts & {
    keys: readonly string[];
    legend?: ReactNode;
    isPending?: boolean;
    onMore?: (() => void) | undefined;
  },
) {
  const { curves, sourcesOf, settings, onMore } = props;
  const find = settings.find.trim().toLowerCase();
  const keys = useMemo(
    () => (find === '' ? props.keys : props.keys.filter((key) => key.toLowerCase().includes(find))),
    [props.keys, find],
  );
  const sections = useMemo(() => sectionsOf(keys, curves), [keys, curves]);
  const large =
    settings.chart !== undefined && props.keys.includes(settings.chart) ? settings.chart : undefined;
  return (
    <div className="chart-sections">
      {keys.length === 0 && find !== '' && props.isPending !== true && (
        <p className="quiet">No chart is called “{settings.find.trim()}”.</p>
      )}
      {sections.map((section, index) => (
        <Section
          key={section.name}
          {...section}
          atOnce={sections.slice(0, index).reduce((sum, each) => sum + each.keys.length, 0) < chartsAtOnce}
          alone={sections.length === 1}
          curves={curves}
          sourcesOf={sourcesOf}
          settings={settings}
        />
      ))}
      {onMore !== undefined && (
        <More at={props.keys.length} onMore={onMore}>
          More than {countText(props.keys.length)} metrics.{' '}
          <button type="button" className="link-button" onClick={onMore}>
            Show more
          </button>
        </More>
      )}
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
  return <ChartCard title={title} sources={sourcesOf(title)} settings={settings} onExpand={onExpand} />;
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
          <ChartCard title={title} sources={sourcesOf(title)} settings={settings} height={height} />
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

/** `atOnce`: its charts are there from the beginning; else they are once somebody comes near. */
function Section(props: Charts & { name: string; keys: readonly string[]; alone: boolean; atOnce: boolean }) {
  const { name, keys, curves, settings, sourcesOf } = props;
  const [open, setOpen] = useState(name !== 'system');
  const [shown, setShown] = useState(chartsAtOnce);
  const [come, setCome] = useState(props.atOnce);
  const cards = !(come || props.atOnce) ? (
    <Unseen onNear={() => setCome(true)} />
  ) : (
    <>
      <div className="charts">
        {keys.slice(0, shown).map((key) => (
          <Chart key={key} title={key} curves={curves} sourcesOf={sourcesOf} settings={settings} />
        ))}
      </div>
      {keys.length > shown && (
        <More at={shown} onMore={() => setShown(shown + chartsAtOnce)}>
          {countText(shown)} of {countText(keys.length)} charts.{' '}
          <button type="button" className="link-button" onClick={() => setShown(shown + chartsAtOnce)}>
            Show {countText(Math.min(chartsAtOnce, keys.length - shown))} more
          </button>
        </More>
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

/** In the place of charts that nobody has come near yet: as high as one row of them. */
function Unseen({ onNear }: { onNear: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  const near = useNear(place);
  const tell = useRef(onNear);
  tell.current = onNear;
  useEffect(() => {
    if (near) tell.current();
  }, [near]);
  return <div ref={place} className="charts-unseen" />;
}

/** What there is beyond: asked for by who scrolls there, or presses its button. */
function More(props: { at: number; onMore: () => void; children: ReactNode }) {
  const { at, onMore, children } = props;
  const place = useRef<HTMLParagraphElement>(null);
  const near = useNear(place);
  const ask = useRef(onMore);
  ask.current = onMore;
  // Again when something came and it is still in sight. `at`: how much there is.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what there is is the trigger
  useEffect(() => {
    if (near) ask.current();
  }, [near, at]);
  return (
    <p ref={place} className="more">
      {children}
    </p>
  );
}
