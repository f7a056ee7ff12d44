/** Two versions side by side: where they differ first, in results, parameters, signature, data, code and what they are called. */
import { useQueries, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { differenceQuery } from '../api/lineage.ts';
import { type ModelVersion, registeredQuery, versionQuery, versionsQuery } from '../api/registry.ts';
import type { ComparedPart } from '../compare/differences.ts';
import { SideBySide } from '../compare/differences-table.tsx';
import { useProject } from '../layout/use-project.ts';
import { RunsSkeleton } from '../runs/runs-skeleton.tsx';
import { useKeys } from '../runs/use-keys.ts';
import { Icon } from '../ui/icons.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import { runLatestAction } from '../ui/toasts.tsx';
import { compareVersionsUrl, registeredUrl, versionUrl } from '../urls.ts';
import { AliasMarks, StageMark } from './marks.tsx';
import { PromoteButton } from './promote-button.tsx';
import { RegistryHead } from './registry-head.tsx';
import { useNaming } from './use-naming.ts';
import { useRegistryLive } from './use-registry-live.ts';
import { useSignatures } from './use-signatures.ts';
import { useVersionSources } from './use-version-sources.ts';
import { comparedVersionParts, derivedParts } from './version-differences.ts';

const route = getRouteApi('/registry/compare');
/** Versions offered to choose from. */
const offered = 200;

export function CompareVersionsPage() {
  const { name, versions: wanted } = route.useSearch();
  const [left, right] = wanted.split(',').map(Number) as [number, number];
  const { project, site } = useProject();
  const navigate = route.useNavigate();
  const connection = useRegistryLive(project);
  const naming = useNaming(project, name);
  const model = useQuery(registeredQuery(project, name));
  const known = useQuery(versionsQuery(project, name, offered));
  const answers = useQueries({
    queries: [left, right].map((version) => versionQuery(project, name, version)),
  });
  const rows = answers.flatMap(({ data }) => data ?? []);
  const { runs, lineages, loading } = useVersionSources(project, rows);
  const signatures = useSignatures(project, rows);
  const derived = useQuery(differenceQuery(project, `models:/${name}/${left}`, `models:/${name}/${right}`));
  // biome-ignore lint/correctness/useExhaustiveDependencies: maps are made anew each time, their sizes tell when they grew
  const parts = useMemo(
    () => comparedVersionParts(rows, { runs, lineages, signatures }),
    [rows[0], rows[1], runs.size, lineages.size, signatures.size, loading],
  );
  useEffect(() => {
    document.title = `${name}: v${left} and v${right} · Cairn`;
  }, [name, left, right]);

  const show = (versions: readonly [number, number]) =>
    void navigate({ ...compareVersionsUrl(name, versions, site), replace: true });
  const swap = () => {
    show([right, left]);
    return true;
  };
  useKeys({ u: runLatestAction, s: swap });

  const failed = answers.find(({ isError, data }) => isError && data === undefined);
  if (failed !== undefined)
    return (
      <ProblemView alone error={failed.error} what="These versions cannot be compared">
        <Link {...registeredUrl(name, site)} className="button primary">
          Versions of the model
        </Link>
      </ProblemView>
    );
  if (rows.length < 2) return <RunsSkeleton />;
  const numbers = [
    ...new Set([left, right, ...(known.data?.items ?? []).map(({ version }) => version)]),
  ].sort((a, b) => b - a);
  const column = (row: ModelVersion, at: number, other: (version: number) => readonly [number, number]) => (
    <th key={at === left ? 'left' : 'right'} scope="col">
      <div className="compared-version">
        <select
          aria-label={other === takeLeft ? 'Version at the left' : 'Version at the right'}
          value={at}
          onChange={(event) => show(other(Number(event.target.value)))}
        >
          {numbers.map((version) => (
            <option key={version} value={version}>
              v{version}
            </option>
          ))}
        </select>
        <Link
          {...versionUrl(name, at, site)}
          className="icon-button small"
          aria-label={`Page of version ${at}`}
        >
          <Icon name="right" size={13} />
        </Link>
        <AliasMarks aliases={row.aliases} />
        <StageMark stage={row.stage} />
        <PromoteButton version={row} aliases={model.data?.aliases ?? []} naming={naming} />
      </div>
    </th>
  );
  const takeLeft = (version: number) => [version, right] as const;
  const takeRight = (version: number) => [left, version] as const;
  return (
    <>
      <RegistryHead within={name} title={`v${left} and v${right}`} connection={connection} />
      <div className="page-body compare-body">
        <SideBySide
          parts={ordered([...parts, ...derivedParts(derived.data, parts)])}
          ids={['left', 'right']}
          heads={
            <>
              {column(rows[0]!, left, takeLeft)}
              {column(rows[1]!, right, takeRight)}
            </>
          }
          tool={
            <button type="button" className="button small" title="Swap the sides (s)" onClick={swap}>
              Swap
            </button>
          }
          scroller="whole"
          table="two"
        />
        {loading && <p className="quiet">Reading the runs behind them…</p>}
        {derived.isPending && <p className="quiet">Following them to their data…</p>}
        {derived.isError && (
          <p className="quiet">What they come from could not be told: {derived.error.message}</p>
        )}
      </div>
    </>
  );
}

/** Parts with differences first, those without after them. */
function ordered(parts: readonly ComparedPart[]): ComparedPart[] {
  const differs = (part: ComparedPart) => part.rows.some((row) => row.differs);
  return [...parts.filter(differs), ...parts.filter((part) => !differs(part))];
}
