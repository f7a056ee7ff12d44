import { type ReactNode, useState } from 'react';
import { Icon } from './icons.tsx';
import { showToast } from './toasts.tsx';

export function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <button
      type="button"
      className="button"
      onClick={async () => {
        await copyText(text);
        setCopied(true);
        setTimeout(() => setCopied(false), 1500);
      }}
    >
      <Icon name={copied ? 'check' : 'copy'} size={14} />
      <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
    </button>
  );
}

/** A value that a click copies; shown whole unless its children show something shorter. */
export function CopiedValue(props: { text: string; className?: string; children?: ReactNode }) {
  const { text, className = 'pair-value' } = props;
  return (
    <button
      type="button"
      className={className}
      title={`${text}\nClick to copy`}
      onClick={() => void copyAndTell(text)}
    >
      {props.children ?? text}
    </button>
  );
}

/** Lines of a program, to be copied. */
export function CodeToCopy({ code, small = false }: { code: string; small?: boolean }) {
  return (
    <div className={small ? 'code small' : 'code'}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{code}</pre>
      <CopyButton text={code} />
    </div>
  );
}

/** Copies a text, and says which. */
export async function copyAndTell(text: string): Promise<void> {
  await copyText(text);
  showToast({ text: `Copied ${text.length > 60 ? `${text.slice(0, 59)}…` : text}` });
}

/** navigator.clipboard exists in secure contexts only; a server on a plain-HTTP LAN address is none. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
