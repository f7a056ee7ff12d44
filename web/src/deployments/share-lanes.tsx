/** The history of an endpoint as a picture: a lane for each slot, in it who had which share when. */
import { exactTime } from '../format/times.ts';
import { Lane, Lanes, type Span } from '../ui/lanes.tsx';
import { endingWords, percentText, versionText } from './deployed-model.tsx';
import type { ShareBox, ShareTimeline } from './share-timeline.ts';

/** Boxes narrower than this part of the lane have no room for a word. */
const roomy = 0.035;

export function ShareLanes(props: {
  timeline: ShareTimeline;
  /** The day that is asked about. */
  day: Span | undefined;
  chosen: string | undefined;
  onChoose: (deployment: string) => void;
}) {
  const { timeline, day } = props;
  return (
    <Lanes label="Time line of deployments" className="share-lanes" from={timeline.from}>
      {timeline.lanes.map(({ slot, boxes }) => {
        const versions = new Map(
          boxes.map(({ deployment }) => [deployment.uid, versionText(deployment.model)]),
        );
        const words = `${slot}: ${[...versions.values()].join(', then ')}`;
        return (
          <Lane key={slot} name={slot} words={words} timeline={timeline} day={day}>
            {boxes.map((box) => (
              <Box
                key={`${box.deployment.uid} ${box.left} ${box.top}`}
                box={box}
                chosen={props.chosen === box.deployment.uid}
                onChoose={props.onChoose}
              />
            ))}
          </Lane>
        );
      })}
    </Lanes>
  );
}

/** For the mouse: the rows below choose the same by keys. */
function Box(props: { box: ShareBox; chosen: boolean; onChoose: (deployment: string) => void }) {
  const { deployment, from, to, traffic, left, width, top, height } = props.box;
  const bad = deployment.ending === 'failed' || deployment.ending === 'rolled-back';
  const classes = ['share-box', to === null ? 'current' : '', bad ? 'bad' : '', props.chosen ? 'chosen' : ''];
  const ended =
    to === null
      ? 'until now'
      : `until ${exactTime(to)}${deployment.ended === to && deployment.ending !== null ? `, ${endingWords[deployment.ending]}` : ''}`;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the rows below do the same by keys
    // biome-ignore lint/a11y/useKeyWithClickEvents: likewise
    <span
      className={classes.filter(Boolean).join(' ')}
      style={{
        left: `${left * 100}%`,
        width: `${width * 100}%`,
        top: `${top * 100}%`,
        height: `${height * 100}%`,
      }}
      title={`${deployment.model.uri}, ${percentText(traffic)}\nfrom ${exactTime(from)} by ${deployment.by}\n${ended}`}
      onClick={() => props.onChoose(deployment.uid)}
    >
      {width > roomy && height > 0.22 && (
        <>
          {versionText(deployment.model)}
          {traffic < 100 && <small> {percentText(traffic)}</small>}
        </>
      )}
    </span>
  );
}
