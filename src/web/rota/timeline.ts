// What the picture of the rota shows, as shares of its width. Pure.
import type { RotaView } from "../../submissions/rota.ts";

export interface Bar {
  /** Percent of the width. */
  from: number;
  width: number;
  group: number | null;
  /** Null: it runs. */
  place: number | null;
  /** Of what runs: how much of the bar is over, in percent of the width. */
  done: number;
}

export interface Timeline {
  rows: { device: string; bars: Bar[] }[];
  now: number;
  ticks: { at: number; minutes: number }[];
  /** Waiting entries that are not drawn. */
  beyond: number;
}

const LEAST_SECONDS = 300;
/** So many usual runs side by side can still be told apart on a phone. */
const RUNS_SHOWN = 10;
const steps = [1, 2, 5, 10, 20, 30, 60, 120, 240, 480, 1440];
const TICKS = 4;

export function timelineOf({ now, devices, running, waiting }: RotaView): Timeline {
  const ran = running.map((run) => ({ ...run, seconds: (now.getTime() - run.startedAt.getTime()) / 1000 }));
  const drawn = waiting.filter(({ devices }) => devices.length > 0);
  const usual = Math.max(60, ...[...running, ...drawn].slice(0, 50).map(({ takes }) => takes.seconds));
  const ends = [
    ...ran.map(({ seconds, takes }) => takes.seconds - seconds),
    ...drawn.map(({ endsIn }) => endsIn ?? 0),
  ];
  const ahead = Math.max(LEAST_SECONDS, Math.min(Math.max(0, ...ends), usual * RUNS_SHOWN));
  const back = Math.min(Math.max(0, ...ran.map(({ seconds }) => seconds)), ahead / 2);
  const share = (seconds: number) =>
    round((100 * (Math.min(ahead, Math.max(-back, seconds)) + back)) / (back + ahead));
  const barOf = (from: number, to: number, rest: Omit<Bar, "from" | "width" | "done">): Bar => ({
    ...{ ...rest, from: share(from), width: round(share(to) - share(from)) },
    done: rest.place === null ? round(share(0) - share(from)) : 0,
  });
  const rows = devices.map(({ id }) => ({
    device: id,
    bars: [
      ...ran
        .filter((run) => run.devices.includes(id))
        .map((run) =>
          barOf(-run.seconds, Math.max(0, run.takes.seconds - run.seconds), {
            group: run.group,
            place: null,
          }),
        ),
      ...drawn
        .filter((one) => one.devices.includes(id) && one.startsIn! < ahead)
        .map((one) => barOf(one.startsIn!, one.endsIn!, { group: one.group, place: one.place })),
    ],
  }));
  return {
    ...{ rows, now: share(0) },
    ticks: ticksTo(ahead).map((minutes) => ({ minutes, at: share(minutes * 60) })),
    beyond: waiting.length - drawn.filter(({ startsIn }) => startsIn! < ahead).length,
  };
}

function ticksTo(ahead: number): number[] {
  const minutes = ahead / 60;
  const step = steps.find((one) => minutes / one <= TICKS) ?? steps.at(-1)!;
  return Array.from({ length: Math.floor(minutes / step) }, (_, nth) => (nth + 1) * step);
}

const round = (value: number) => Math.round(value * 100) / 100;
