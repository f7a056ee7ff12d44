/** Facts as names and values; a click copies one, or opens it where it is an address. */
import { CopiedValue } from '../ui/copy-button.tsx';
import type { Fact } from './facet-words.ts';

export function FactPairs({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="pairs">
      {facts.map(({ name, text, href }) => (
        <div key={`${name} ${text}`}>
          <dt title={name}>{name}</dt>
          <dd>
            {href === undefined ? (
              <CopiedValue text={text}>{text === '' ? '“”' : text}</CopiedValue>
            ) : (
              <a
                className="pair-value linked"
                href={href}
                target="_blank"
                rel="noopener noreferrer nofollow"
                title={href}
              >
                {text}
              </a>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
