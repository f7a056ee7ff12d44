import { CopyButton } from '../ui/copy-button.tsx';

/** Lines of Python that load what a `models:/` URI leads to, from this server. */
export function LoadSnippet({ uri }: { uri: string }) {
  const code = [
    'import mlflow',
    `mlflow.set_tracking_uri("${location.origin}")`,
    `model = mlflow.pyfunc.load_model("${uri}")`,
  ].join('\n');
  return (
    <section className="side-section" aria-labelledby="load-title">
      <div className="panel-head">
        <h2 id="load-title">Load it</h2>
      </div>
      <div className="code small">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre tabIndex={0}>{code}</pre>
        <CopyButton text={code} label="Copy" />
      </div>
    </section>
  );
}
