/** Writers of the registry: each has a registered model of its own, with versions, an alias and stages, and deletes it all. */
import type { Effect, RegistryStage } from './effect.ts';
import {
  type Half,
  type Message,
  mlflow,
  native,
  pairs,
  Sequence,
  textOf,
  type WriterKind,
} from './sequence.ts';

/** Requests to one registered model, after which it is deleted. */
const requestsPerModel = 15;
const stages: readonly RegistryStage[] = ['Staging', 'Production', 'Archived'];

/** What is there after all that was sent: a request that got no answer is sent again until it has one. */
class ChangeRegistry extends Sequence {
  #registered: string | undefined;
  #left = 0;
  /** Versions ever made, and those that are there with their stages. */
  #made = 0;
  readonly #versions = new Map<number, RegistryStage | 'None'>();
  #champion: number | undefined;

  protected step(): Half {
    const registered = this.#registered;
    if (registered === undefined) return this.#create();
    this.#left -= 1;
    if (this.#left === 0) return this.#delete(registered);
    const choice = this.random.below(8);
    const others = [...this.#versions.keys()].filter((version) => version !== this.#champion);
    if (others.length === 0 || choice < 2) return this.#createVersion(registered);
    const version = this.random.pick(others);
    if (choice < 5) {
      this.#champion = version;
      return mlflow(
        'registered-models/alias',
        { name: registered, alias: 'champion', version: String(version) },
        { type: 'alias', registered, alias: 'champion', version },
      );
    }
    if (choice < 7) {
      const stage = this.random.pick(stages.filter((other) => other !== this.#versions.get(version)));
      this.#versions.set(version, stage);
      return mlflow(
        'model-versions/transition-stage',
        { name: registered, version: String(version), stage, archive_existing_versions: false },
        { type: 'stage', registered, version, stage },
      );
    }
    this.#versions.delete(version);
    return remove(
      'model-versions/delete',
      { name: registered, version: String(version) },
      { type: 'version-delete', registered, version },
    );
  }

  #create(): Half {
    const registered = `registered ${this.id} ü`;
    const tags = pairs('made', this.random.below(4), textOf(this.random, this.id));
    this.#registered = registered;
    this.#left = requestsPerModel;
    this.#made = 0;
    this.#versions.clear();
    this.#champion = undefined;
    const effect: Effect = { type: 'registered', registered, tags };
    return mlflow('registered-models/create', { name: registered, tags }, effect);
  }

  #createVersion(registered: string): Half {
    this.#made += 1;
    const version = this.#made;
    this.#versions.set(version, 'None');
    const source = `s3://bucket/${encodeURIComponent(this.id)}`;
    const tags = pairs('tag', this.random.below(4), this.id);
    const path = `models/registered/${encodeURIComponent(registered)}/versions`;
    return native(
      'POST',
      path,
      { source, tags },
      { type: 'version', registered, version, source, tags },
      true,
    );
  }

  #delete(registered: string): Half {
    this.#registered = undefined;
    return remove(
      'registered-models/delete',
      { name: registered },
      { type: 'registered-delete', registered },
    );
  }
}

function remove(path: string, body: Message, effect: Effect): Half {
  return { ...mlflow(path, body, effect), method: 'DELETE' };
}

export const registryWriters: readonly WriterKind[] = [
  ['change-registry', ChangeRegistry],
  ['second-change-registry', ChangeRegistry],
];
