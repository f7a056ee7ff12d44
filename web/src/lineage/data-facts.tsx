/** What is known of the data that a model learned from: whose it is, under which licence, how much, and whether anybody knows where it comes from. */
import type { DataItem } from '../api/lineage.ts';
import { countText } from '../format/numbers.ts';
import { sizeText } from '../format/sizes.ts';

const beginnings: Readonly<Record<DataItem['beginning'], string>> = {
  made: 'made by something known',
  declared: 'a declared source',
  unknown: 'nobody knows where from',
};

export function Beginning({ data }: { data: DataItem }) {
  return <span className={`lineage-begins ${data.beginning}`}>{beginnings[data.beginning]}</span>;
}

export function DataFacts({ data }: { data: DataItem }) {
  const { licence, owner, rows, bytes } = data;
  const parts = [
    ...(owner === null ? [] : [`of ${owner.value}`]),
    ...(licence === null ? [] : [licence.value]),
    ...(rows === null ? [] : [`${countText(rows)} rows`]),
    ...(bytes === null ? [] : [sizeText(bytes)]),
  ];
  return parts.length === 0 ? <span className="faint">nothing told</span> : <span>{parts.join(' · ')}</span>;
}
