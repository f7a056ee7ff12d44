/**
 * Which files of a run are its evaluation: a pure function of a file's name, its type and its first text. What MLflow's
 * client writes by itself (autologging, mlflow.models.evaluate, log_table, log_image) is known by name; data that people
 * log is known by its columns. The forms are told to people in docs/guide/evaluation.md.
 */
import { extensionOf, nameOf } from '../artifacts/file.ts';
import { separatedRows, separatorOf } from '../artifacts/separated-values.ts';

export type EvaluationKind =
  | 'confusion'
  | 'roc'
  | 'precision-recall'
  | 'calibration'
  | 'lift'
  | 'importance'
  | 'per-class'
  | 'table'
  | 'picture'
  | 'report';

export interface Recognised {
  readonly kind: EvaluationKind;
  /** Drawn by us, shown as the picture it is, or laid out as rows. */
  readonly form: 'data' | 'picture' | 'rows' | 'page';
  readonly title: string;
  /** On what: `training`, `val`; '' where the name does not say. */
  readonly of: string;
}

const pictureEndings: ReadonlySet<string> = new Set([
  'png',
  'jpg',
  'jpeg',
  'gif',
  'webp',
  'svg',
  'avif',
  'bmp',
]);
const dataEndings: ReadonlySet<string> = new Set(['csv', 'tsv', 'json', 'jsonl', 'parquet']);

/** Words of a file's name, without what says only that it is a picture of something. */
const names: readonly (readonly [pattern: RegExp, kind: EvaluationKind, title: string])[] = [
  [/confusion[ _-]?matrix|(^|[_-])confusion$|(^|[_-])cm$/, 'confusion', 'Confusion matrix'],
  [/precision[ _-]?recall([ _-]?curve)?|(^|[_-])pr[_-]?curve/, 'precision-recall', 'Precision and recall'],
  [/roc([ _-]?auc)?[ _-]?curve|(^|[_-])roc([_-]?auc)?$/, 'roc', 'ROC curve'],
  [/calibration([ _-]?curve)?|reliability([ _-]?diagram)?/, 'calibration', 'Calibration'],
  [/lift([ _-]?curve)?|cumulative[ _-]?gains?/, 'lift', 'Lift'],
  [
    /feature[ _-]?importances?([ _-](weight|gain|cover|split|total_gain|total_cover))?|shap[_-].*/,
    'importance',
    'Importance of features',
  ],
  [/per[ _-]?class[ _-]?metrics|classification[ _-]?report/, 'per-class', 'Metrics by class'],
  [/eval[ _-]?results?[ _-]?table/, 'table', 'Evaluated rows'],
];

/** What pictures of an evaluation are often called, and need no kind of their own. */
const plots = /residual|learning[ _-]?curve|validation[ _-]?curve|det[_-]?curve|predict|error|distribution/;

/** Files that other files hold: pictures of a table's cells, the small twins of logged images. */
const insides = /(^|\/)table_images\/|[+%]compressed\.webp$/;

/** Is it worth reading the beginning of this file? */
export function isCandidate(path: string, size: number): boolean {
  if (!dataEndings.has(extensionOf(path)) || size === 0) return false;
  return nameOf(path) !== 'MLmodel' && !/(^|\/)(serving_)?input_example\.json$/.test(path);
}

/**
 * `head` is the beginning of a data file, undefined for what is known by its name alone. `isLoggedTable` is what the tag
 * mlflow.loggedArtifacts says.
 */
export function recognise(path: string, head?: string, isLoggedTable = false): Recognised | undefined {
  if (insides.test(path)) return undefined;
  const extension = extensionOf(path);
  const stem = stemOf(path);
  const named = names.find(([pattern]) => pattern.test(stem.toLowerCase()));
  if (pictureEndings.has(extension)) {
    if (named === undefined) return { kind: 'picture', form: 'picture', title: titleOf(stem), of: '' };
    return { kind: named[1], form: 'picture', ...nameParts(stem, named[0], named[2], named[1]) };
  }
  if (stem === 'estimator' && extension === 'html')
    return { kind: 'report', form: 'page', title: 'Estimator', of: '' };
  if (!dataEndings.has(extension)) return undefined;
  const kind = head === undefined ? undefined : kindOfData(path, extension, head, named?.[1]);
  if (kind !== undefined) {
    const title = names.find((entry) => entry[1] === kind)?.[2] ?? titleOf(stem);
    const parts = named?.[1] === kind ? nameParts(stem, named[0], title, kind) : { title, of: setOf(stem) };
    return { kind, form: kind === 'per-class' ? 'rows' : 'data', ...parts };
  }
  if (named !== undefined && ['per-class', 'table', 'importance'].includes(named[1]))
    return { kind: named[1], form: 'rows', ...nameParts(stem, named[0], named[2], named[1]) };
  if (isLoggedTable) return { kind: 'table', form: 'rows', title: titleOf(stem), of: '' };
  return undefined;
}

function stemOf(path: string): string {
  const name = nameOf(path);
  return name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : name;
}

/** `training_confusion_matrix` → what it shows, and on which data. */
function nameParts(stem: string, pattern: RegExp, title: string, kind: EvaluationKind) {
  const rest = stem
    .toLowerCase()
    .replace(pattern, (found: string) => (kind === 'importance' ? detailOf(found) : ''))
    .replace(/[_-]plot\b|\bplot\b/g, '')
    .replace(/[ _-]+/g, ' ')
    .trim();
  return { title, of: rest };
}

/** `feature_importance_weight` → `weight`, `shap_summary` → `shap summary`. */
function detailOf(found: string): string {
  return found.replace(/feature[ _-]?importances?/, '').replaceAll('_', ' ');
}

function setOf(stem: string): string {
  return /(^|[_-])(train(ing)?|val(id(ation)?)?|test|holdout|oof)([_-]|$)/i.exec(stem)?.[2] ?? '';
}

/** `loss_by_class` → `Loss by class`. */
function titleOf(stem: string): string {
  const words = stem.replace(/[_]+/g, ' ').trim();
  return words === '' ? stem : words[0]!.toUpperCase() + words.slice(1);
}

/** Is a picture without a known name likely part of an evaluation rather than something else that was kept? */
export function isPlot(path: string): boolean {
  return plots.test(path.toLowerCase());
}

function kindOfData(
  path: string,
  extension: string,
  head: string,
  named: EvaluationKind | undefined,
): EvaluationKind | undefined {
  if (extension === 'csv' || extension === 'tsv') {
    const [names = [], first = []] = separatedRows(head.slice(0, 20_000), separatorOf(head, path));
    return (
      kindOfColumns(names) ?? (isSquare(names, first) || named === 'confusion' ? 'confusion' : undefined)
    );
  }
  if (extension !== 'json') return undefined;
  const keys = keysOf(head);
  const kind = kindOfColumns(keys);
  if (kind !== undefined) return kind;
  const has = (...wanted: string[]) => wanted.some((key) => keys.includes(key));
  if (has('matrix', 'confusion_matrix') && (has('labels', 'classes', 'class_names') || named === 'confusion'))
    return 'confusion';
  return named === 'confusion' ? 'confusion' : undefined;
}

/** Names by which columns are known, in every case and with spaces or dashes. */
const columnNames = {
  falsePositives: ['fpr', 'false_positive_rate', 'false_positives_rate'],
  truePositives: ['tpr', 'true_positive_rate', 'sensitivity'],
  precision: ['precision'],
  recall: ['recall'],
  threshold: ['threshold', 'thresholds'],
  group: ['class', 'label', 'classes', 'positive_class', 'name', 'set'],
  predicted: ['prob_pred', 'mean_predicted_probability', 'mean_predicted_value', 'predicted_probability'],
  observed: ['prob_true', 'fraction_of_positives', 'observed_frequency'],
  actualClass: ['actual', 'true', 'y_true', 'true_label', 'actual_label', 'target'],
  predictedClass: ['predicted', 'pred', 'y_pred', 'predicted_label', 'prediction'],
  count: ['count', 'counts', 'n', 'samples', 'value'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type ColumnName = keyof typeof columnNames;

function plainName(name: string): string {
  return name
    .replace(/^\uFEFF/, '')
    .trim()
    .toLowerCase()
    .replace(/[ -]+/g, '_');
}

/** Position of the column that is called so; -1 where there is none. */
export function columnAt(names: readonly string[], wanted: ColumnName): number {
  const known: readonly string[] = columnNames[wanted];
  return names.findIndex((name) => known.includes(plainName(name)));
}

function kindOfColumns(names: readonly string[]): EvaluationKind | undefined {
  const has = (wanted: ColumnName) => columnAt(names, wanted) !== -1;
  if (has('falsePositives') && has('truePositives')) return 'roc';
  const isReport = names.some((name) => ['f1', 'f1_score', 'support'].includes(plainName(name)));
  if (has('precision') && has('recall')) return isReport ? 'per-class' : 'precision-recall';
  if (has('predicted') && has('observed')) return 'calibration';
  if (has('actualClass') && has('predictedClass') && (has('count') || names.length === 2)) return 'confusion';
  return undefined;
}

/** A matrix with its labels in the first row and the first column. */
function isSquare(names: readonly string[], first: readonly string[]): boolean {
  const [corner = '', ...labels] = names;
  if (labels.length < 2 || first.length !== names.length) return false;
  const isNamed = corner === '' || /^(actual|true|label|class|index|unnamed: 0)$/i.test(corner);
  const isCounts = first.slice(1).every((value) => /^\d+(\.\d+)?$/.test(value));
  return isNamed && isCounts && first[0] === labels[0];
}

/** Names of members in the beginning of a JSON text, and of the columns of a table in it. */
function keysOf(head: string): string[] {
  const columns = /"columns"\s*:\s*\[([^\]]*)\]/.exec(head)?.[1];
  if (columns !== undefined) return Array.from(columns.matchAll(/"((?:[^"\\]|\\.)*)"/g), ([, name]) => name!);
  return [...new Set(Array.from(head.matchAll(/"([\w .-]{1,60})"\s*:/g), ([, key]) => key!))];
}
