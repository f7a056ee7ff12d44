/** The explorer without a node: where lineage begins, and a field for what people write for a thing. */
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { type LineageThing, lineageResolve } from '../api/lineage.ts';
import { NavOpener } from '../layout/nav-opener.tsx';
import { useProject } from '../layout/use-project.ts';
import { datasetsUrl, lineageUrl } from '../urls.ts';
import { Beginnings } from './beginnings.tsx';
import { Declared } from './declared.tsx';
import { typeWord } from './lineage-words.ts';

export function NothingAsked({ why }: { why?: string }) {
  const { project, site } = useProject();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [refused, setRefused] = useState<string | undefined>(why);
  const [meant, setMeant] = useState<readonly LineageThing[]>([]);
  useEffect(() => {
    document.title = 'Lineage · Cairn';
  }, []);

  async function ask(event: FormEvent): Promise<void> {
    event.preventDefault();
    try {
      const { node, candidates, why: reason } = await lineageResolve(project, text.trim());
      if (node !== null) void navigate(lineageUrl(node.uid, site));
      setMeant(candidates);
      setRefused(reason ?? (candidates.length > 1 ? 'It may mean any of these:' : undefined));
    } catch (error) {
      setRefused(error instanceof Error ? error.message : String(error));
    }
  }

  return (
    <>
      <header className="head">
        <NavOpener />
        <h1>Lineage</h1>
      </header>
      <div className="notice">
        <h2>Lineage begins somewhere</h2>
        <p>
          Write what you mean: a place, <code>churn@latest</code>, <code>models:/churn/3</code>, the id of a
          run. Or press <b>Lineage</b> on the page of a dataset, a run, a model or an endpoint.
        </p>
        <form className="token-row" onSubmit={(event) => void ask(event)}>
          <label>
            <span className="visually-hidden">Dataset, model, run or endpoint</span>
            <input
              value={text}
              placeholder="s3://bucket/churn@v3"
              onChange={(event) => setText(event.target.value)}
            />
          </label>
          <button type="submit" className="button primary" disabled={text.trim() === ''}>
            Show
          </button>
        </form>
        <div role="status">
          {refused !== undefined && <p className="lineage-refused">{refused}</p>}
          <ul>
            {meant.map(({ uid, label, type }) => (
              <li key={uid}>
                <Link {...lineageUrl(uid, site)} className="text-link">
                  {label}
                </Link>{' '}
                <span className="faint">{typeWord(type)}</span>
              </li>
            ))}
          </ul>
        </div>
        <Beginnings />
        <Declared />
        <div className="notice-actions">
          <Link {...datasetsUrl(site)} className="button">
            All datasets
          </Link>
        </div>
      </div>
    </>
  );
}
