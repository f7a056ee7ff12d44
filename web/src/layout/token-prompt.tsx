/** Shown when the server answers 401: it runs with CAIRN_TOKEN, and this tab has none, or a wrong one. */
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { enterToken, hasToken } from '../api/token.ts';

export function TokenPrompt() {
  const [token, setToken] = useState('');
  const queries = useQueryClient();
  const router = useRouter();
  const wrong = hasToken();

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (token.trim() === '') return;
    enterToken(token.trim());
    void queries.resetQueries();
    void router.invalidate();
  }

  return (
    <form className="notice" onSubmit={submit}>
      <h1>This server asks for a token</h1>
      <p>
        It was started with <code>CAIRN_TOKEN</code>. Whoever runs it can tell you the token. It is kept in
        this tab until you close it.
      </p>
      {wrong && (
        <p role="alert" className="problem-text">
          The server did not accept that token.
        </p>
      )}
      <div className="token-row">
        <label>
          <span className="visually-hidden">Token</span>
          <input
            type="password"
            autoComplete="current-password"
            placeholder="Token"
            value={token}
            // biome-ignore lint/a11y/noAutofocus: the prompt is the whole page, there is nothing else to go to
            autoFocus
            onChange={(event) => setToken(event.target.value)}
          />
        </label>
        <button type="submit" className="button primary">
          Enter
        </button>
      </div>
    </form>
  );
}
