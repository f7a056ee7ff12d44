/** Events of thousands of datasets, which are recorded part by part: a part says of some of the datasets what the event says of all. */
import type { RunEvent } from './lineage-event.ts';

export function isWide({ inputs, outputs }: RunEvent, datasetsTogether: number): boolean {
  return inputs.length + outputs.length > datasetsTogether;
}

/** The last one says besides what the event says of its run and its job. */
export function partsOf(event: RunEvent, datasetsTogether: number): RunEvent[] {
  const all = [
    ...event.inputs.map((dataset) => ({ side: 'inputs', dataset }) as const),
    ...event.outputs.map((dataset) => ({ side: 'outputs', dataset }) as const),
  ];
  const parts: RunEvent[] = [];
  for (let start = 0; start < all.length; start += datasetsTogether) {
    const some = all.slice(start, start + datasetsTogether);
    const of = (wanted: 'inputs' | 'outputs') =>
      some.flatMap(({ side, dataset }) => (side === wanted ? dataset : []));
    const isLast = start + datasetsTogether >= all.length;
    parts.push({
      ...event,
      ...(!isLast && {
        run: { ...event.run, facets: [] },
        job: { ...event.job, facets: [] },
      }),
      inputs: of('inputs'),
      outputs: of('outputs'),
    });
  }
  return parts;
}
