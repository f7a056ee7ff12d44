/**
 * Which way a metric is better, guessed from its name. People can change the guess per column; the choice stands in
 * the URL.
 */
import type { Aggregate } from '../api/types.ts';

/** What counts as best: the lowest value, the highest, or no value at all (nothing is marked). */
export type Goal = 'low' | 'high' | 'none';

const low =
  /(^|[^a-z])(loss|losses|error|errors|err|mae|mse|rmse|rmsle|rmsd|mape|smape|msle|mdae|nll|bce|wer|cer|fid|kid|lpips|ece|brier|perplexity|ppl|regret|divergence|kl|logloss|crossentropy|cross_entropy|latency|hamming|deviance|fpr|fnr|eer|bpc|bpb)([^a-z]|$)|loss$|_error$|error_rate/;
const high =
  /(^|[^a-z])(acc|accuracy|auc|auroc|auprc|roc|f1|f2|fbeta|precision|recall|score|r2|map|ap|iou|miou|dice|bleu|rouge|meteor|ndcg|mrr|hit|hits|reward|return|psnr|ssim|kappa|mcc|specificity|sensitivity|tpr|tnr|top1|top5|throughput|win|em|pass)([^a-z]|$)|accuracy$|score$/;
/** How much values spread, not how good they are: `std_test_score`. */
const spread = /(^|[^a-z])(std|stddev|stdev)([^a-z]|$)/;
/** A place in an order: `rank_test_accuracy` 1 is the winner. Others of the name are measures of agreement. */
const place = /(^|[^a-z])rank([^a-z]|$)/;
const agreement = /reciprocal|correlation|spearman|kendall/;
/** What scikit-learn turns round, so that more is better. */
const turned = /(^|[^a-z])neg_(mean|median|root|max|log|brier)/;
/** What it costs, wherever the name says so, and where it is the last word: `mean_score_time` is no score. */
const cost = /(^|[^a-z])(time|runtime|duration|elapsed|latency|seconds|secs|ms|memory|mem)([^a-z]|$)/;
const costAtEnd =
  /(^|[^a-z])(time|runtime|duration|elapsed|latency|seconds|secs|ms|memory|mem)([^a-z]+(s|sec|min|minutes|hours|ms|us|ns|kb|mb|gb|kib|mib|gib|bytes))?[^a-z]*$/;
/** Speeds, steps in time, and the machine under a run are no costs to mark. */
const noCost = /per_(s|sec|secs|second|seconds|ms|minute|hour)([^a-z]|$)|time_?steps?([^a-z]|$)|^system\//;
/** Bookkeeping, not achievement: the highest epoch is not the best one. */
const neither =
  /(^|[^a-z])(epoch|epochs|step|steps|timestep|timesteps|iter|iters|iteration|iterations|lr|learning_rate|time|duration|seconds|secs|ms|grad|gradient|norm|count|total|size|memory|mem|gpu|cpu|disk|network|system|temperature|momentum|batch|samples|tokens|progress)([^a-z]|$)/;

type Meaning = 'low' | 'high' | 'cost' | 'neither' | 'unknown';

function meaningOf(key: string): Meaning {
  const name = key.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  if (spread.test(name)) return 'neither';
  if (place.test(name)) return agreement.test(name) ? 'high' : 'low';
  if (turned.test(name)) return 'high';
  const costs = cost.test(name) && !noCost.test(name);
  if (costs && costAtEnd.test(name)) return 'cost';
  if (low.test(name)) return 'low';
  if (high.test(name)) return 'high';
  if (costs) return 'cost';
  return neither.test(name) ? 'neither' : 'unknown';
}

export function guessGoal(key: string): Goal {
  const meaning = meaningOf(key);
  if (meaning === 'cost') return 'low';
  return meaning === 'neither' ? 'none' : meaning === 'unknown' ? 'high' : meaning;
}

const training = /(^|[^a-z])(train|training)([^a-z]|$)/;

/**
 * The aggregate a column starts with: the best value where the name says what best is; the last where it does not, and
 * for training curves, whose best point nobody picks a model by.
 */
export function guessAggregate(key: string): Aggregate {
  if (isTraining(key)) return 'last';
  const meaning = meaningOf(key);
  return meaning === 'low' ? 'min' : meaning === 'high' ? 'max' : 'last';
}

/** Where a metric belongs among its kind: what models are judged by first, then training curves, then the rest. */
export function achievement(key: string): number {
  const meaning = meaningOf(key);
  if (meaning !== 'low' && meaning !== 'high') return 2;
  return isTraining(key) ? 1 : 0;
}

function isTraining(key: string): boolean {
  return training.test(key.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase());
}
