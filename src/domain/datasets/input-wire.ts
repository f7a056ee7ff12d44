/** A dataset version as one MLflow run has it among its inputs. */
import { type Static, Type } from '../../kernel/schema.ts';
import type { DatasetVersion } from './dataset.ts';
import { mlflowSchema } from './shape/mlflow-shape.ts';

/** Columns that an input shows. */
const shownColumns = 100;

export const DatasetInputWire = Type.Object(
  {
    uid: Type.String(),
    name: Type.String(),
    digest: Type.String({ description: "The client's own, of a sample of the rows." }),
    sourceType: Type.String(),
    source: Type.String({ description: 'JSON text, as the client wrote it.' }),
    created: Type.Integer({ description: 'ms since 1970' }),
    schema: Type.Union(
      [
        Type.Object({
          columns: Type.Array(Type.Object({ name: Type.String(), type: Type.String() }), {
            description: 'The first of them.',
          }),
          total: Type.Integer({ description: 'How many there are.' }),
        }),
        Type.Null(),
      ],
      { description: 'Columns, where the schema that the client wrote tells them.' },
    ),
  },
  { title: 'DatasetInput' },
);

export function datasetInputWire(version: DatasetVersion): Static<typeof DatasetInputWire> {
  const { uid, name, digest, sourceType, source, created, schema } = version;
  const fields = mlflowSchema(schema);
  const columns = fields
    ?.slice(0, shownColumns)
    .map((field) => ({ name: field.name, type: field.type ?? '' }));
  return {
    ...{ uid, name, digest, sourceType, source, created },
    schema: fields === undefined || columns === undefined ? null : { columns, total: fields.length },
  };
}
