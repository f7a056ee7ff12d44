/** What workloads log: values that look like measured ones, 16 digits long. */
export interface SentMetric {
  readonly key: string;
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
}

const firstTime = 1_700_000_000_000;

/** One point each of `m0`, `m1`, …, at a step. */
export function metricsOf(count: number, step: number): SentMetric[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `m${index}`,
    value: Math.sin(step * count + index) + 2,
    timestamp: firstTime + step * 1000 + index,
    step,
  }));
}

/** `count` points of one metric, from a step on. */
export function pointsOf(key: string, count: number, firstStep: number): SentMetric[] {
  return Array.from({ length: count }, (_, index) => {
    const step = firstStep + index;
    return {
      key,
      value: Math.exp(-step / 5000) + Math.sin(step) / 50,
      timestamp: firstTime + step * 100,
      step,
    };
  });
}

/** Parameters with names of their own for each `batch`, since a parameter never changes. */
export function paramsOf(count: number, batch: number): { key: string; value: string }[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `p${batch * count + index}`,
    value: `${(index + 1) / 1000}`,
  }));
}
