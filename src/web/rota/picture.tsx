// GPUs × time: what runs and what will, a row for each GPU. What it shows stands in words as well: beside each GPU, and
// in the table of what waits.

import { Card, Empty } from "../components/parts.tsx";
import { duration, memorySize, relative } from "../format.ts";
import { markOf, Swatch } from "./marks.tsx";
import { type Bar, type Timeline, timelineOf } from "./timeline.ts";
import type { RotaPageProps } from "./view.ts";

const HEIGHT = 44;

export function Picture({ at, view }: RotaPageProps) {
  const { rota } = view;
  if (rota.devices.length === 0) {
    return (
      <Card title={at.t("rota.devices")} id="devices">
        <Empty title={at.t("rota.devices.none")}>
          {at.t(rota.waiting.length > 0 ? "rota.devices.none-help" : "rota.devices.none-idle")}
        </Empty>
        <OnCpu at={at} view={view} />
      </Card>
    );
  }
  const timeline = timelineOf(rota);
  return (
    <Card title={at.t("rota.devices")} id="devices">
      <Hatch />
      <ul class="grid gap-3">
        {rota.devices.map((device, nth) => (
          <li data-device={device.id}>
            <p class="mb-1 flex flex-wrap items-baseline justify-between gap-x-4">
              <span class="font-medium wrap-anywhere">{device.name}</span>
              <span class="muted text-sm">
                {device.worker.host} · {memorySize(device.vramBytes)}
              </span>
            </p>
            <Row timeline={timeline} bars={timeline.rows[nth]!.bars} out={device.place.state === "out"} />
            <DeviceWords at={at} view={view} device={device} />
          </li>
        ))}
      </ul>
      <Axis at={at} timeline={timeline} />
      <Legend at={at} view={view} />
      {timeline.beyond > 0 && (
        <p class="muted mt-3 text-sm">{at.t("rota.later", { count: timeline.beyond })}</p>
      )}
      <OnCpu at={at} view={view} />
    </Card>
  );
}

/** Drawn once, used by each row whose device is out. */
const Hatch = () => (
  <svg width="0" height="0" aria-hidden="true" class="absolute">
    <defs>
      <pattern id="rota-out" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="3" height="8" class="fill-error/35" />
      </pattern>
    </defs>
  </svg>
);

function Row({ timeline, bars, out }: { timeline: Timeline; bars: Bar[]; out: boolean }) {
  return (
    <svg width="100%" height={HEIGHT} aria-hidden="true" class="block rounded-field bg-base-200">
      {out && <rect width="100%" height="100%" fill="url(#rota-out)" />}
      {bars.map((bar) => (
        <BarShape bar={bar} />
      ))}
      <line
        x1={`${timeline.now}%`}
        x2={`${timeline.now}%`}
        y1="0"
        y2={HEIGHT}
        stroke-width="2"
        class="stroke-base-content"
      />
    </svg>
  );
}

const TEXT_PERCENT = 4;

function BarShape({ bar }: { bar: Bar }) {
  const { letter, look, edge } = markOf(bar.group);
  const middle = `${bar.from + bar.width / 2}%`;
  return (
    <g>
      <rect
        x={`${bar.from}%`}
        y="4"
        width={`${bar.width}%`}
        height={HEIGHT - 8}
        rx="4"
        stroke-width="1.5"
        stroke-dasharray={edge}
        class={look}
      />
      {bar.done > 0 && (
        <rect
          x={`${bar.from}%`}
          y="4"
          width={`${Math.min(bar.done, bar.width)}%`}
          height={HEIGHT - 8}
          rx="4"
          class={look}
        />
      )}
      {bar.width >= TEXT_PERCENT && (
        <text
          x={middle}
          y={bar.place === null ? 27 : 20}
          text-anchor="middle"
          class="fill-base-content text-[14px] font-semibold"
        >
          {letter}
        </text>
      )}
      {bar.width >= TEXT_PERCENT && bar.place !== null && (
        <text x={middle} y="35" text-anchor="middle" class="fill-base-content text-[12px] tabular-nums">
          {bar.place}
        </text>
      )}
    </g>
  );
}

function Axis({ at, timeline }: Pick<RotaPageProps, "at"> & { timeline: Timeline }) {
  const marks = [{ at: timeline.now, label: at.t("rota.now") }].concat(
    timeline.ticks.map((tick) => ({ at: tick.at, label: at.t("rota.axis", { minutes: tick.minutes }) })),
  );
  return (
    <svg width="100%" height="24" aria-hidden="true" class="mt-1 block">
      {marks.map((mark) => (
        <text
          x={`${mark.at}%`}
          y="15"
          text-anchor={mark.at < 8 ? "start" : mark.at > 90 ? "end" : "middle"}
          class="fill-base-content/75 text-[12px] tabular-nums"
        >
          {mark.label}
        </text>
      ))}
    </svg>
  );
}

/** What the row shows, in words. */
function DeviceWords({
  at,
  view,
  device,
}: RotaPageProps & { device: RotaPageProps["view"]["rota"]["devices"][number] }) {
  const { now, running, waiting } = view.rota;
  const { place } = device;
  const next = waiting.find((one) => one.devices.includes(device.id));
  const words = [];
  if (place.state === "out") {
    words.push(
      at.t("rota.device.out", { since: relative(new Date(place.since), now, at.lang), why: place.why }),
    );
  } else if (place.state === "busy") {
    const run = running.find((one) => one.devices.includes(device.id));
    words.push(
      run
        ? busyWords(at, run, now)
        : at.t("rota.device.busy-unknown", { since: relative(new Date(place.since), now, at.lang) }),
    );
  } else words.push(at.t(`rota.device.${place.state}`));
  if (next?.startsIn != null)
    words.push(at.t("rota.device.next", { who: whoOf(at, next), time: duration(next.startsIn, at.lang) }));
  return <p class="mt-1 text-sm wrap-anywhere">{words.join(at.lang === "zh" ? "。" : ". ")}</p>;
}

function busyWords(
  at: RotaPageProps["at"],
  run: RotaPageProps["view"]["rota"]["running"][number],
  now: Date,
): string {
  const ran = (now.getTime() - run.startedAt.getTime()) / 1000;
  const left = run.takes.seconds - ran;
  const key = left <= 0 ? "busy-over" : run.takes.measured ? "busy" : "busy-limit";
  const said = {
    who: whoOf(at, run),
    ran: duration(ran, at.lang),
    left: duration(Math.max(0, left), at.lang),
  };
  return at.t(`rota.device.${key}`, said);
}

/** `A, Ann Example`, or that it is somebody else's. */
export function whoOf(
  at: RotaPageProps["at"],
  { work, group }: Pick<RotaPageProps["view"]["rota"]["running"][number], "work" | "group">,
): string {
  return work ? `${markOf(group).letter} ${work.by}` : at.t("rota.elsewhere");
}

function Legend({ at, view }: RotaPageProps) {
  const named = new Map<number | null, string>();
  for (const { group, work } of [...view.rota.running, ...view.rota.waiting])
    if (!named.has(group)) named.set(group, work?.by ?? at.t("rota.elsewhere"));
  if (named.size === 0) return null;
  return (
    <ul aria-label={at.t("rota.legend")} class="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-sm">
      {[...named].map(([group, name]) => (
        <li class="flex items-center gap-1.5 wrap-anywhere">
          <Swatch group={group} />
          {name}
        </li>
      ))}
    </ul>
  );
}

function OnCpu({ at, view }: RotaPageProps) {
  const count = view.rota.running.filter(({ devices }) => devices.length === 0).length;
  return count > 0 && view.rota.devices.length === 0 ? (
    <p class="muted mt-3 text-sm">{at.t("rota.on-cpu", { count })}</p>
  ) : null;
}
