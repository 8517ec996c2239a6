// Every GPU of every living worker: free, at work, or out of the rota and why, and how its last cleaning ended.
import type { FleetDevice } from "../../grading/device-queue.ts";
import { Icon } from "../components/icons.tsx";
import { Card, Empty, Tag } from "../components/parts.tsx";
import type { PageContext } from "../context.ts";
import { memorySize, relative } from "../format.ts";

interface Props {
  at: PageContext;
  view: { devices: FleetDevice[]; now: Date };
}

const columns = ["devices.state", "graded.gpu", "devices.worker", "devices.memory", "devices.scrub"] as const;

export function DevicesCard({ at, view }: Props) {
  return (
    <Card title={at.t("devices.title")} id="devices">
      {view.devices.length === 0 ? (
        <Empty title={at.t("devices.none")}>{at.t("devices.none-help")}</Empty>
      ) : (
        <section class="relative overflow-x-auto" tabindex={0} aria-labelledby="devices-title">
          <table class="w-full text-sm">
            <thead class="border-b border-base-300 text-left">
              <tr>
                {columns.map((column) => (
                  <th scope="col" class="py-2 pr-4 font-semibold whitespace-nowrap">
                    {at.t(column)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {view.devices.map((device) => (
                <DeviceRow at={at} device={device} now={view.now} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Card>
  );
}

function DeviceRow({ at, device, now }: { at: PageContext; device: FleetDevice; now: Date }) {
  const { place, scrubbed, worker } = device;
  const ago = (moment: string) => relative(new Date(moment), now, at.lang);
  return (
    <tr class="border-b border-base-300 align-top last:border-0" data-device={device.id}>
      <td class="min-w-36 py-2 pr-4">
        <State at={at} state={place.state} />
        {"since" in place && <p class="muted">{at.t("devices.since", { since: ago(place.since) })}</p>}
        {place.state === "out" && <p class="wrap-anywhere">{place.why}</p>}
      </td>
      <th scope="row" class="min-w-36 py-2 pr-4 text-left font-normal wrap-anywhere">
        {device.name} {device.mig && <Tag>{at.t("devices.slice")}</Tag>}
        <p class="muted font-mono">{device.id}</p>
      </th>
      <td class="py-2 pr-4 font-mono wrap-anywhere">
        {worker.host} <span class="muted">{worker.pid}</span>
      </td>
      <td class="py-2 pr-4 whitespace-nowrap tabular-nums">{memorySize(device.vramBytes)}</td>
      <td class="py-2 whitespace-nowrap">
        {scrubbed
          ? `${ago(scrubbed.at)}, ${at.t(scrubbed.clean ? "devices.clean" : "devices.unclean")}`
          : at.t("devices.never")}
      </td>
    </tr>
  );
}

const looks = {
  free: { colour: "text-success", shape: <circle cx="8" cy="8" r="6" fill="none" /> },
  busy: { colour: "text-info", shape: <circle cx="8" cy="8" r="6" fill="currentColor" /> },
  scrubbing: { colour: "", shape: <circle cx="8" cy="8" r="6" fill="none" stroke-dasharray="2.5 2.5" /> },
  out: { colour: "text-error", shape: <path d="m3 3 10 10m0-10L3 13" stroke-width="2" /> },
} as const;

function State({ at, state }: { at: PageContext; state: FleetDevice["place"]["state"] }) {
  const { colour, shape } = looks[state];
  return (
    <span class={`inline-flex items-center gap-1.5 font-medium ${colour}`}>
      <Icon>{shape}</Icon>
      {at.t(`devices.${state}`)}
    </span>
  );
}
