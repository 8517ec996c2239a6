import type { FleetDevice } from "../../grading/device-queue.ts";
import type { LaneView, WorkerView } from "../../grading/overview.ts";
import type { Space } from "../../storage/space.ts";
import type { NeedsAttention } from "../../submissions/needs-attention.ts";
import type { StorageUse } from "../../submissions/storage-use.ts";
import { Icon } from "../components/icons.tsx";
import { Card, Empty } from "../components/parts.tsx";
import { ScoreBar } from "../components/score.tsx";
import type { PageContext } from "../context.ts";
import { count, fileSize, relative } from "../format.ts";
import { DevicesCard } from "./devices.tsx";
import { AdminFrame } from "./frame.tsx";

export interface OverviewView {
  workers: WorkerView[];
  devices: FleetDevice[];
  lanes: LaneView[];
  attention: NeedsAttention[];
  storage: StorageUse;
  disk: Space | null;
  now: Date;
}

interface Props {
  at: PageContext;
  view: OverviewView;
}

export function OverviewPage({ at, view }: Props) {
  return (
    <AdminFrame at={at} here="overview">
      <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div class="grid grid-cols-[minmax(0,1fr)] gap-4">
          <AttentionCard at={at} view={view} />
          <WorkersCard at={at} view={view} />
          <DevicesCard at={at} view={view} />
        </div>
        <div class="grid gap-4">
          <LanesCard at={at} view={view} />
          <StorageCard at={at} view={view} />
        </div>
      </div>
    </AdminFrame>
  );
}

function AttentionCard({ at, view }: Props) {
  return (
    <Card title={at.t("admin.attention")} id="attention">
      {view.attention.length === 0 ? (
        <Empty title={at.t("admin.attention.empty")}>{at.t("admin.attention.empty-help")}</Empty>
      ) : (
        <>
          <p class="mb-3 text-sm">{at.t("admin.attention.help")}</p>
          <ul class="grid gap-3">
            {view.attention.map((one) => (
              <li class="flex flex-wrap items-start gap-x-4 gap-y-2 border-t border-base-300 pt-3 first:border-0 first:pt-0">
                <div class="mr-auto min-w-0 basis-64">
                  <a href={`/submissions/${one.submissionId}`} class="link font-medium">
                    {one.person} · {one.title[at.lang]}
                  </a>
                  <p class="muted text-sm">
                    {one.course} · {one.lane} · {relative(one.at, view.now, at.lang)}
                  </p>
                  <p class="mt-1 font-mono text-sm wrap-anywhere">{one.fault.slice(0, 500)}</p>
                </div>
                <form method="post" action={`/admin/attempts/${one.attemptId}/retry`}>
                  <button
                    type="submit"
                    class="btn btn-sm"
                    aria-label={at.t("admin.attention.retry", { name: one.person })}
                  >
                    {at.t("admin.attention.retry-short")}
                  </button>
                </form>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

function WorkersCard({ at, view }: Props) {
  return (
    <Card title={at.t("admin.workers")} id="workers">
      {view.workers.length === 0 ? (
        <Empty title={at.t("admin.workers.empty")}>{at.t("admin.workers.empty-help")}</Empty>
      ) : (
        <section class="relative overflow-x-auto" tabindex={0} aria-labelledby="workers-title">
          <table class="w-full text-sm">
            <thead class="border-b border-base-300 text-left">
              <tr>
                {(["state", "host", "slots", "lanes", "sandboxes", "seen"] as const).map((column) => (
                  <th scope="col" class="py-2 pr-4 font-semibold whitespace-nowrap">
                    {at.t(`admin.worker.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {view.workers.map((worker) => (
                <WorkerRow at={at} worker={worker} now={view.now} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Card>
  );
}

function WorkerRow({ at, worker, now }: { at: PageContext; worker: WorkerView; now: Date }) {
  const { sandboxes, busy, slots } = worker;
  return (
    <tr class="border-b border-base-300 last:border-0">
      <td class="py-2 pr-4 whitespace-nowrap">
        <Life at={at} worker={worker} />
      </td>
      <th scope="row" class="py-2 pr-4 text-left font-mono font-normal wrap-anywhere">
        {worker.host} <span class="muted">{worker.pid}</span>
      </th>
      <td class="py-2 pr-4 whitespace-nowrap tabular-nums">{at.t("admin.worker.of", { busy, slots })}</td>
      <td class="py-2 pr-4">{worker.lanes.join(", ")}</td>
      <td class="py-2 pr-4 whitespace-nowrap">
        {sandboxes ? at.t("admin.worker.ready", { ready: sandboxes.ready, suites: sandboxes.suites }) : "–"}
      </td>
      <td class="py-2 whitespace-nowrap">
        {worker.alive
          ? at.t("admin.seconds", { seconds: secondsBetween(worker.seenAt, now) })
          : relative(worker.seenAt, now, at.lang)}
      </td>
    </tr>
  );
}

const secondsBetween = (from: Date, to: Date) =>
  Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000));

function Life({ at, worker }: { at: PageContext; worker: WorkerView }) {
  if (!worker.alive) {
    return (
      <span class="inline-flex items-center gap-1.5 font-medium text-error">
        <Icon>
          <rect x="1.5" y="1.5" width="13" height="13" rx="2" />
          <path d="m5.3 5.3 5.4 5.4m0-5.4-5.4 5.4" />
        </Icon>
        {at.t("admin.worker.gone")}
      </span>
    );
  }
  return (
    <span
      class={`inline-flex items-center gap-1.5 font-medium ${worker.draining ? "text-warning" : "text-success"}`}
    >
      <Icon>
        <circle cx="8" cy="8" r="6" fill={worker.draining ? "none" : "currentColor"} />
      </Icon>
      {at.t(worker.draining ? "admin.worker.draining" : "admin.worker.alive")}
    </span>
  );
}

function LanesCard({ at, view }: Props) {
  return (
    <Card title={at.t("admin.lanes")} id="lanes">
      {view.lanes.length === 0 && <p class="muted text-sm">{at.t("admin.lanes.empty")}</p>}
      <div class="grid gap-4">
        {view.lanes.map((lane) => (
          <section aria-label={lane.lane}>
            <h3 class="font-mono font-semibold">{lane.lane}</h3>
            <dl class="mt-1 grid grid-cols-2 gap-x-4 gap-y-1 text-sm">
              <Figure name={at.t("admin.lane.running")} value={count(lane.running, at.lang)} />
              <Figure name={at.t("admin.lane.waiting")} value={count(lane.waiting, at.lang)} />
              <Figure name={at.t("admin.lane.batch")} value={count(lane.batch, at.lang)} />
              <Figure
                name={at.t("admin.lane.oldest")}
                value={
                  lane.oldestSeconds === null ? "–" : at.t("admin.seconds", { seconds: lane.oldestSeconds })
                }
              />
            </dl>
          </section>
        ))}
      </div>
    </Card>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt class="muted">{name}</dt>
      <dd class="text-base font-semibold tabular-nums">{value}</dd>
    </div>
  );
}

function StorageCard({ at, view }: Props) {
  const { storage, disk } = view;
  const lines: [string, number][] = [
    [
      at.t("admin.storage.submissions", { count: count(storage.submissions, at.lang) }),
      storage.submissionBytes,
    ],
    [at.t("admin.storage.suites"), storage.suiteBytes],
    [at.t("admin.storage.artifacts"), storage.artifactBytes],
    [at.t("admin.storage.database"), storage.databaseBytes],
  ];
  return (
    <Card title={at.t("admin.storage")} id="storage">
      <dl class="grid gap-1 text-sm">
        {lines.map(([name, bytes]) => (
          <div class="flex justify-between gap-4">
            <dt>{name}</dt>
            <dd class="tabular-nums">{fileSize(bytes)}</dd>
          </div>
        ))}
      </dl>
      {disk && (
        <div class="mt-4 text-sm">
          <p class="mb-1 flex justify-between gap-4">
            <span>{at.t("admin.storage.disk")}</span>
            <span class="tabular-nums">
              {at.t("admin.storage.free", {
                free: fileSize(disk.freeBytes),
                total: fileSize(disk.totalBytes),
              })}
            </span>
          </p>
          <ScoreBar score={disk.totalBytes - disk.freeBytes} max={disk.totalBytes} />
        </div>
      )}
    </Card>
  );
}
