/** Pictures of one thing over the steps of a training, one at a time, moved by a slider. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ArtifactOwner } from '../api/types.ts';
import { FilePicture } from '../artifacts/cell-picture.tsx';
import { fileQuery } from '../artifacts/file.ts';
import { countText } from '../format/numbers.ts';
import { EvaluationCard } from './evaluation-card.tsx';
import type { Gallery } from './step-images.ts';

export function GalleryCard(props: {
  project: string;
  owner: ArtifactOwner;
  gallery: Gallery;
  onOpen: (path: string) => void;
}) {
  const { gallery } = props;
  const { images, title } = gallery;
  // The latest, and whatever comes after it, until somebody moves the slider.
  const [chosen, setChosen] = useState<number>();
  const at = Math.min(chosen ?? images.length - 1, images.length - 1);
  const image = images[at]!;
  const file = useQuery({
    ...fileQuery(props.project, props.owner, image.small ?? image.path),
    placeholderData: (before) => before,
  });
  return (
    <EvaluationCard title={title} of="images" path={image.path} onOpen={props.onOpen}>
      <div className="evaluation-picture">
        {file.data !== undefined && (
          <FilePicture file={file.data} alt={`${title} at step ${image.step}`} className="gallery-picture" />
        )}
      </div>
      <div className="gallery-bar">
        <input
          type="range"
          min={0}
          max={images.length - 1}
          value={at}
          disabled={images.length === 1}
          aria-label={`Step of ${title}`}
          aria-valuetext={`step ${image.step}`}
          onChange={(event) => setChosen(Number(event.target.value))}
        />
        <span>
          step <b>{countText(image.step)}</b>{' '}
          <span className="faint">
            {at + 1} / {images.length}
          </span>
        </span>
      </div>
    </EvaluationCard>
  );
}
