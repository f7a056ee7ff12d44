/** Pictures of one thing over time: what mlflow.log_image(key, step) writes, and numbered files of one folder. Pure. */
import { folderOf, nameOf } from '../artifacts/file.ts';

export interface StepImage {
  readonly step: number;
  /** Of the picture as it was logged. */
  readonly path: string;
  /** Of its small twin, where there is one. */
  readonly small: string | undefined;
}

export interface Gallery {
  readonly title: string;
  readonly images: readonly StepImage[];
}

/** `key+step+12+timestamp+1700000000000+<uuid>[+compressed].png`; clients before 3.10 wrote % for +. */
const logged = /^(.+)([+%])step\2(\d+)\2timestamp\2(\d+)\2([0-9a-f-]{36})(?:\2compressed)?\.(png|webp)$/;
const numbered = /^(.*?)[ _.-]?(?:step|epoch|iter|it|e|s)?[ _-]?(\d{1,9})\.(?:png|jpe?g|webp|gif)$/i;
/** Fewer files with a number are no series. */
const least = 3;

interface Found extends StepImage {
  readonly title: string;
  readonly time: number;
}

/** The galleries, and the paths that stand in one. */
export function galleriesOf(paths: readonly string[]): { galleries: Gallery[]; taken: ReadonlySet<string> } {
  const byId = new Map<string, Found>();
  const counted = new Map<string, Found[]>();
  const taken = new Set<string>();
  for (const path of paths) {
    const image = logged.exec(nameOf(path));
    if (image !== null) {
      const [, key, , step, time, id, ending] = image;
      const before = byId.get(id!);
      taken.add(path);
      byId.set(id!, {
        title: key!.replaceAll('~', '/').replaceAll('#', '/'),
        step: Number(step),
        time: Number(time),
        path: ending === 'png' ? path : (before?.path ?? path),
        small: ending === 'webp' ? path : before?.small,
      });
      continue;
    }
    const [, stem, number] = numbered.exec(nameOf(path)) ?? [];
    if (number === undefined) continue;
    const title = [folderOf(path), stem].filter((part) => part !== '').join('/');
    const series = counted.get(title) ?? [];
    series.push({ title, step: Number(number), time: 0, path, small: undefined });
    counted.set(title, series);
  }
  const all = [...byId.values()];
  for (const series of counted.values()) {
    if (series.length < least) continue;
    all.push(...series);
    for (const { path } of series) taken.add(path);
  }
  const galleries = new Map<string, Found[]>();
  for (const image of all) galleries.set(image.title, [...(galleries.get(image.title) ?? []), image]);
  return {
    taken,
    galleries: [...galleries]
      .map(([title, images]) => ({
        title: title === '' ? 'Images' : title,
        images: images.sort((a, b) => a.step - b.step || a.time - b.time),
      }))
      .sort((a, b) => (a.title < b.title ? -1 : 1)),
  };
}
