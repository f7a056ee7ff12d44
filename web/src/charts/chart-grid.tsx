/** The charts of many metrics, in sections by the part of their names before the first `/`. */
import { useState } from 'react';
import { countText } from '../format/numbers.ts';
import { ChartCard, type ChartSource } from './chart-card.tsx';
import type { ChartSettings } from './chart-settings.tsx';
import { sectionsOf } from './sections.ts';

/** Charts of a section that are there at once; beyond, somebody asks for them. */
const chartsAtOnce = 60;

export function ChartGrid(props: {
  keys: readonly string[];
  sourcesOf: (key: string) => readonly ChartSource[];
  settings: ChartSettings;
}) {
  const sections = sectionsOf(props.keys);
  return (
    <div className="chart-sections">
      {sections.map(({ name, keys }) => (
        <Section key={name} name={name} keys={keys} alone={sections.length === 1} {...pick(props)} />
      ))}
    </div>
  );
}

function pick<T extends { sourcesOf: unknown; settings: unknown }>({ sourcesOf, settings }: T) {
  return { sourcesOf, settings } as Pick<T, 'sourcesOf' | 'settings'>;
}

function Section(props: {
  name: string;
  keys: readonly string[];
  alone: boolean;
  sourcesOf: (key: string) => readonly ChartSource[];
  settings: ChartSettings;
}) {
  const { name, keys, settings } = props;
  const [open, setOpen] = useState(name !== 'system');
  const [shown, setShown] = useState(chartsAtOnce);
  const cards = (
    <>
      <div className="charts">
        {keys.slice(0, shown).map((key) => (
          <ChartCard key={key} title={key} sources={props.sourcesOf(key)} settings={settings} />
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
        {name === '' ? 'Metrics' : name} <span className="faint">{countText(keys.length)}</span>
      </summary>
      {open && cards}
    </details>
  );
}
