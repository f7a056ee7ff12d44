/** Every deployment of an endpoint, the latest begun first; a row shows what is behind it. */
import type { Deployment } from '../api/deployments.ts';
import { Ago } from '../format/ago.tsx';
import { durationText, exactTime } from '../format/times.ts';
import { DeployedModel, endingWords, percentText, RecordedBy, SlotMark } from './deployed-model.tsx';

/** Told later than this after it began, it was told late: ms. */
const late = 60 * 60 * 1000;

export function DeploymentTable(props: {
  deployments: readonly Deployment[];
  chosen: string | undefined;
  onChoose: (deployment: string) => void;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="table-frame" tabIndex={0} role="region" aria-label="Deployments">
      <table className="facts-table deployment-table">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">From</th>
            <th scope="col">For</th>
            <th scope="col" className="num">
              Traffic
            </th>
            <th scope="col">Ended</th>
            <th scope="col">By</th>
            <th scope="col">On</th>
            <th scope="col">
              <span className="visually-hidden">Evidence</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.deployments.map((deployment) => (
            <Row
              key={deployment.uid}
              deployment={deployment}
              chosen={props.chosen === deployment.uid}
              onChoose={props.onChoose}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row(props: { deployment: Deployment; chosen: boolean; onChoose: (deployment: string) => void }) {
  const { uid, model, slot, started, ended, ending, shares, endedBy, platform, recorded } = props.deployment;
  const parts = shares.map(({ traffic }) => percentText(traffic));
  return (
    <tr className={props.chosen ? 'cursor' : undefined}>
      <th scope="row">
        <span className="deployed-cell">
          <DeployedModel model={model} />
          <SlotMark slot={slot} />
        </span>
      </th>
      <td title={exactTime(started)}>
        <Ago time={started} />
        {recorded - started > late && (
          <span className="faint" title={`Recorded on ${exactTime(recorded)}`}>
            {' '}
            told later
          </span>
        )}
      </td>
      <td>{ended === null ? <span className="good">still</span> : durationText(ended - started)}</td>
      <td className="num" title={parts.join(' → ')}>
        {parts.length > 3 ? `${parts[0]} … ${parts.at(-1)}` : parts.join(' → ')}
      </td>
      <td className={ending === 'failed' || ending === 'rolled-back' ? 'bad' : 'dim'}>
        {ending !== null && (
          <span title={ended === null ? undefined : `${exactTime(ended)}, told by ${endedBy ?? ''}`}>
            {endingWords[ending]}
          </span>
        )}
      </td>
      <td className="dim">
        <RecordedBy deployment={props.deployment} />
      </td>
      <td className="dim">{platform?.kind}</td>
      <td className="tools">
        <button
          type="button"
          className="button small"
          aria-pressed={props.chosen}
          aria-label={`Evidence of ${model.uri} from ${exactTime(started)}`}
          onClick={() => props.onChoose(uid)}
        >
          Evidence
        </button>
      </td>
    </tr>
  );
}
