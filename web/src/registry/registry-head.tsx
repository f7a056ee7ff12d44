/** The head of the pages of one model: the way back, the name, what is live. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Connection } from '../api/event-stream.ts';
import { NavOpener } from '../layout/nav-opener.tsx';
import { ThemeButton } from '../layout/theme-button.tsx';
import { useProject } from '../layout/use-project.ts';
import { ConnectionMark } from '../runs/page-head.tsx';
import { Icon } from '../ui/icons.tsx';
import { promptsUrl, registeredUrl, registryUrl } from '../urls.ts';

export function RegistryHead(props: {
  /** The model whose page is one up; absent on its own page. */
  within?: string;
  of?: 'prompt';
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
        {props.of === 'prompt' ? (
          <Link {...promptsUrl(site)} className="crumb" aria-label="All prompts">
            <Icon name="left" size={13} />
            <span>Prompts</span>
          </Link>
        ) : within === undefined ? (
          <Link {...registryUrl(site)} className="crumb" aria-label="All models">
            <Icon name="left" size={13} />
            <span>Models</span>
          </Link>
        ) : (
          <Link {...registeredUrl(within, site)} className="crumb" aria-label={`Versions of ${within}`}>
            <Icon name="left" size={13} />
            <span>{within}</span>
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
