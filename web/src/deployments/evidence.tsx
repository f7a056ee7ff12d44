/** What is behind one deployment: its model's run, its platform, and everything that was ever said of when it served. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type Assertion, type Deployment, deploymentQuery } from '../api/deployments.ts';
import { exactTime } from '../format/times.ts';
import { useProject } from '../layout/use-project.ts';
import { KeyValues } from '../run/param-list.tsx';
import { CopiedValue } from '../ui/copy-button.tsx';
import { endpointUrl, jobRunUrl, runUrl } from '../urls.ts';
import { DeployedModel, endingWords, percentText } from './deployed-model.tsx';

export function Evidence({ deployment }: { deployment: Deployment }) {
  const { project, site } = useProject();
  const whole = useQuery(deploymentQuery(project, deployment.uid));
  const { model, platform, note, uid, endpoint, rolledBack, jobRun } = deployment;
  return (
    <section className="side-section" aria-labelledby="evidence-title">
      <div className="panel-head">
        <h2 id="evidence-title">Evidence</h2>
      </div>
      <dl className="pairs">
        <div>
          <dt>Model</dt>
          <dd>
            <DeployedModel model={model} />
          </dd>
        </div>
        {model.asked !== model.uri && (
          <div>
            <dt>Asked for</dt>
            <dd>
              <CopiedValue text={model.asked} />
            </dd>
          </div>
        )}
        <div>
          <dt>Run</dt>
          <dd>
            {model.run === null ? (
              <span className="pair-value dim">none is named</span>
            ) : (
              <Link {...runUrl(model.run, site)} className="pair-value linked" title={model.run}>
                {model.run.slice(0, 12)}…
              </Link>
            )}
          </dd>
        </div>
        {jobRun !== null && (
          <div>
            <dt>Told by</dt>
            <dd>
              <Link
                {...jobRunUrl(jobRun.uid, site)}
                className="pair-value linked"
                title={`Run ${jobRun.runId} of ${jobRun.namespace} ${jobRun.job}: the deployment lasts as long as it does`}
              >
                a run of {jobRun.job}
              </Link>
            </dd>
          </div>
        )}
        {rolledBack !== null && (
          <div>
            <dt>After</dt>
            <dd>
              <Link
                {...endpointUrl(endpoint.name, site, { deployment: rolledBack })}
                className="pair-value linked"
              >
                what was rolled back
              </Link>
            </dd>
          </div>
        )}
        <div>
          <dt>Deployment</dt>
          <dd>
            <CopiedValue text={uid}>{uid.slice(0, 12)}…</CopiedValue>
          </dd>
        </div>
      </dl>
      {note !== null && note !== '' && <p className="deployment-note">{note}</p>}
      {platform !== null && <KeyValues pairs={factsOf(platform)} />}
      <h3 className="side-title">What was said, and when</h3>
      <ol className="assertions">
        {whole.data?.assertions.map((each) => (
          <Said key={`${each.knownFrom} ${each.from} ${each.traffic} ${each.to}`} assertion={each} />
        ))}
      </ol>
    </section>
  );
}

function factsOf(platform: NonNullable<Deployment['platform']>): [string, string][] {
  const { kind, ...others } = platform;
  return Object.entries({ platform: kind, ...others }).map(([fact, value]) => [
    fact,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
}

function Said({ assertion }: { assertion: Assertion }) {
  const { from, to, traffic, ending, knownFrom, knownTo, by, retractedBy, face } = assertion;
  const over = knownTo !== null;
  return (
    <li className={over ? 'assertion over' : 'assertion'}>
      <p>
        {percentText(traffic)} from {shortTime(from)} {to === null ? 'on' : `to ${shortTime(to)}`}
        {ending !== null && `, ${endingWords[ending]}`}
      </p>
      <p className="faint" title={exactTime(knownFrom)}>
        said by {by}
        {face === 'openlineage' && ' in OpenLineage'} on {shortTime(knownFrom)}
        {over && `, believed until ${shortTime(knownTo)}`}
        {over && retractedBy !== null && retractedBy !== by && ` (${retractedBy})`}
      </p>
    </li>
  );
}

const shortFormat = new Intl.DateTimeFormat(undefined, {
  ...{ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
});
const shortTime = (time: number) => shortFormat.format(time);
