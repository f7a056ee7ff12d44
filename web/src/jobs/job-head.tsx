/** The head of the pages of one job: the way back, the name, what is live. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Connection } from '../api/event-stream.ts';
import { NavOpener } from '../layout/nav-opener.tsx';
import { ThemeButton } from '../layout/theme-button.tsx';
import { useProject } from '../layout/use-project.ts';
import { ConnectionMark } from '../runs/page-head.tsx';
import { Icon } from '../ui/icons.tsx';
import { jobsUrl, jobUrl } from '../urls.ts';

export function JobHead(props: {
  /** The job whose page is one up; absent on its own page. */
  within?: { readonly uid: string; readonly name: string } | undefined;
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
          <Link {...jobsUrl(site)} className="crumb" aria-label="All jobs">
            <Icon name="left" size={13} />
            <span>Jobs</span>
          </Link>
        ) : (
          <Link {...jobUrl(within.uid, site)} className="crumb" aria-label={`Runs of ${within.name}`}>
            <Icon name="left" size={13} />
            <span>{within.name}</span>
          </Link>
        )}
        <span className="crumb-edge" aria-hidden="true">
          /
        </span>
        <h1 title={props.title}>{props.title}</h1>
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
