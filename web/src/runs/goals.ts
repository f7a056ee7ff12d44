/**
 * Which way a metric is better, guessed from its name. People can change the guess per column; the choice stands in
 * the URL.
 */
import type { Aggregate } from '../api/types.ts';

/** What counts as best: the lowest value, the highest, or no value at all (nothing is marked). */
export type Goal = 'low' | 'high' | 'none';

const low =
  /(^|[^a-z])(loss|losses|error|errors|err|mae|mse|rmse|rmsle|mape|smape|msle|mdae|nll|bce|wer|cer|fid|kid|lpips|ece|brier|perplexity|ppl|regret|divergence|kl|logloss|latency|hamming|deviance|fpr|fnr|eer|bpc|bpb)([^a-z]|$)|loss$|_error$|error_rate/;
const high =
  /(^|[^a-z])(acc|accuracy|auc|auroc|auprc|roc|f1|f2|fbeta|precision|recall|score|r2|map|ap|iou|miou|dice|bleu|rouge|meteor|ndcg|mrr|hit|hits|reward|return|psnr|ssim|kappa|mcc|specificity|sensitivity|tpr|tnr|top1|top5|throughput|win|em|pass)([^a-z]|$)|accuracy$|score$/;
/** Bookkeeping, not achievement: the highest epoch is not the best one. */
const neither =
  /(^|[^a-z])(epoch|epochs|step|steps|iter|iters|iteration|iterations|lr|learning_rate|time|duration|seconds|secs|ms|grad|gradient|norm|count|total|size|memory|mem|gpu|cpu|disk|network|system|temperature|momentum|batch|samples|tokens|progress)([^a-z]|$)/;

export function guessGoal(key: string): Goal {
  const name = key.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  if (low.test(name)) return 'low';
  if (high.test(name)) return 'high';
  return neither.test(name) ? 'none' : 'high';
}

const training = /(^|[^a-z])(train|training)([^a-z]|$)/;

/**
 * The aggregate a column starts with: the best value where the name says what best is; the last where it does not, and
 * for training curves, whose best point nobody picks a model by.
 */
export function guessAggregate(key: string): Aggregate {
  const name = key.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  if (training.test(name)) return 'last';
  if (low.test(name)) return 'min';
  return high.test(name) ? 'max' : 'last';
}

/** Where a metric belongs among its kind: what models are judged by first, then training curves, then the rest. */
export function achievement(key: string): number {
  const name = key.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  if (!low.test(name) && !high.test(name)) return 2;
  return training.test(name) ? 1 : 0;
}
