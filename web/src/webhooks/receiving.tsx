/** The lines that a receiver needs, for those who write one. */
import { CodeToCopy } from '../ui/copy-button.tsx';

const check = `signed = f"{delivery_id}.{timestamp}.{body}"
expected = "v1," + base64.b64encode(
    hmac.new(secret, signed.encode(), hashlib.sha256).digest()
).decode()
ok = hmac.compare_digest(expected, signature)`;

export function Receiving({ signed }: { signed: boolean }) {
  return (
    <section className="side-section" aria-labelledby="receiving-title">
      <div className="panel-head">
        <h2 id="receiving-title">In the receiver</h2>
      </div>
      <p className="dim hook-words">
        Answer 2xx within 20 seconds. The same event may come twice, always under the same{' '}
        <code>X-MLflow-Delivery-Id</code>.
        {signed
          ? ' Check X-MLflow-Signature before anything else:'
          : ' Set a secret, and deliveries are signed.'}
      </p>
      {signed && <CodeToCopy code={check} small />}
    </section>
  );
}
