/**
 * Markdown as elements of React, made from markdown-it's tokens: no HTML of the text is ever parsed. Links open
 * elsewhere and tell nothing; pictures are drawn only when they lie beside the document.
 */
import MarkdownIt, { type Token } from 'markdown-it';
import { createElement, type ReactNode } from 'react';

const parser = new MarkdownIt({ html: false, linkify: true });

const allowedTags: ReadonlySet<string> = new Set(
  'p h1 h2 h3 h4 h5 h6 ul ol li blockquote table thead tbody tr th td em strong s code hr br'.split(' '),
);
const voidTags: ReadonlySet<string> = new Set(['hr', 'br']);

/** Draws a picture that the text names by a relative path; undefined where there is none. */
export type PictureOf = (path: string, alt: string) => ReactNode;

export function MarkdownView({ text, picture }: { text: string; picture?: PictureOf }) {
  return <div className="markdown">{elements(parser.parse(text, {}), picture)}</div>;
}

/** A list of tokens with opening and closing ones → nested elements. */
function elements(tokens: readonly Token[], picture: PictureOf | undefined): ReactNode[] {
  const stack: { token: Token | undefined; children: ReactNode[] }[] = [{ token: undefined, children: [] }];
  tokens.forEach((token, index) => {
    const key = `${index}`;
    if (token.nesting === 1) stack.push({ token, children: [] });
    else if (token.nesting === -1) {
      const { token: opened, children } = stack.pop()!;
      stack.at(-1)!.children.push(element(opened!, key, children));
    } else stack.at(-1)!.children.push(leaf(token, key, picture));
  });
  return stack[0]!.children;
}

function element(token: Token, key: string, children: ReactNode[]): ReactNode {
  // The paragraphs of a tight list are none.
  if (token.hidden) return children;
  if (token.tag === 'a') {
    const href = attribute(token, 'href');
    return (
      <a
        key={key}
        className="text-link"
        href={safeHref(href)}
        target="_blank"
        rel="noopener noreferrer nofollow"
      >
        {children}
      </a>
    );
  }
  if (!allowedTags.has(token.tag)) return children;
  // A document inside of a page: its headings stand below the page's own.
  const tag = /^h[1-6]$/.test(token.tag) ? `h${Math.min(6, Number(token.tag[1]) + 2)}` : token.tag;
  const centred = /text-align:(\w+)/.exec(attribute(token, 'style'))?.[1];
  return createElement(
    tag,
    { key, ...(centred === undefined ? {} : { style: { textAlign: centred } }) },
    ...(voidTags.has(tag) ? [] : [children]),
  );
}

function attribute(token: Token, name: string): string {
  return String(token.attrs?.find(([own]) => own === name)?.[1] ?? '');
}

function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

/** Only where a link can lead without doing anything; the parser has refused the others before. */
function safeHref(href: string): string | undefined {
  return /^(https?:|mailto:)/i.test(href) ? href : undefined;
}

function leaf(token: Token, key: string, picture: PictureOf | undefined): ReactNode {
  switch (token.type) {
    case 'inline':
      return elements(token.children ?? [], picture);
    case 'text':
      return token.content;
    case 'softbreak':
      return '\n';
    case 'hardbreak':
      return <br key={key} />;
    case 'hr':
      return <hr key={key} />;
    case 'code_inline':
      return <code key={key}>{token.content}</code>;
    case 'fence':
    case 'code_block':
      return <pre key={key}>{token.content}</pre>;
    case 'image': {
      const source = attribute(token, 'src');
      const isBeside = !/^([a-z][a-z0-9+.-]*:|\/)/i.test(source);
      const drawn = isBeside ? picture?.(decoded(source), token.content) : undefined;
      const note = isBeside ? 'picture' : 'picture on another server, not loaded';
      return (
        <span key={key}>
          {drawn ?? (
            <span className="faint">
              [{note}: {token.content || source}]
            </span>
          )}
        </span>
      );
    }
    default:
      return token.content;
  }
}
