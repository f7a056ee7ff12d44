/** The head of the pages of one dataset: the way back, the name, what is live. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Dataset } from '../api/datasets.ts';
import type { Connection } from '../api/event-stream.ts';
import { shortName } from '../format/names.ts';
import { NavOpener } from '../layout/nav-opener.tsx';
import { ThemeButton } from '../layout/theme-button.tsx';
import { useProject } from '../layout/use-project.ts';
import { ConnectionMark } from '../runs/page-head.tsx';
import { EndText } from '../ui/end-text.tsx';
import { Icon } from '../ui/icons.tsx';
import { datasetsUrl, datasetUrl } from '../urls.ts';

export function DatasetHead(props: {
  /** The dataset whose page is one up; absent on its own page. */
  within?: Pick<Dataset, 'uid' | 'name'> | undefined;
  title: string;
  connection: Connection;
  tools?: ReactNode;
  /** A line of facts below. */
  children?: ReactNode;
}) {
  const { site } = useProject();
  const { within } = props;
  return (
    <header className="run-head">
      <div className="head">
        <NavOpener />
        {within === undefined ? (
          <Link {...datasetsUrl(site)} className="crumb" aria-label="All datasets">
            <Icon name="left" size={13} />
            <span>Datasets</span>
          </Link>
        ) : (
          <Link {...datasetUrl(within.uid, site)} className="crumb" aria-label={`Versions of ${within.name}`}>
            <Icon name="left" size={13} />
            <span>{shortName(within.name)}</span>
          </Link>
        )}
        <span className="crumb-edge" aria-hidden="true">
          /
        </span>
        <h1 title={props.title}>
          <EndText text={props.title} />
        </h1>
        <div className="head-tools">
          <ConnectionMark connection={props.connection} />
          {props.tools}
          <ThemeButton />
        </div>
      </div>
      {props.children}
    </header>
  );
}
