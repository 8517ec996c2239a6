import { archiveNotes } from "../../storage/errors.ts";
import { filledNote } from "../../submissions/refusal.ts";
import { History } from "../components/history.tsx";
import { DownloadIcon, FlagIcon } from "../components/icons.tsx";
import { Exact } from "../components/moment.tsx";
import { Card, Fact, Facts } from "../components/parts.tsx";
import type { PageContext } from "../context.ts";
import { count, fileSize } from "../format.ts";
import { deviceNames } from "../rerun/device-names.ts";
import type { SubmissionView } from "./load.ts";

const FILES_SHOWN = 12;

interface Props {
  at: PageContext;
  view: SubmissionView;
}

export function HistoryCard({ at, view }: Props) {
  const { submission, course } = view.access;
  return (
    <Card title={at.t("history.title")} id="history">
      <History
        at={at}
        history={view.history}
        zone={course.timeZone}
        current={submission.id}
        asStudent={view.asStudent}
      />
      {view.mayChoose && !view.history.some((one) => one.counts && one.submission.id === submission.id) && (
        <form method="post" action={`/submissions/${submission.id}/choose`} class="mt-3">
          <button type="submit" class="btn btn-sm">
            {at.t("history.choose")}
          </button>
        </form>
      )}
    </Card>
  );
}

export function FilesCard({ at, view }: Props) {
  const { id } = view.access.submission;
  const { files } = view;
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <Card
      title={at.t("files.title")}
      id="files"
      actions={<span class="muted text-sm">{fileSize(total)}</span>}
    >
      <ul class="grid gap-1 text-sm">
        {files.slice(0, FILES_SHOWN).map((file) => (
          <li class="flex items-baseline gap-3">
            <a href={sourceAddress(id, file.path)} class="link wrap-anywhere">
              {file.path}
            </a>
            <span class="muted ml-auto whitespace-nowrap">{fileSize(file.bytes)}</span>
          </li>
        ))}
      </ul>
      <p class="mt-3 flex flex-wrap gap-2">
        {files.length > FILES_SHOWN && (
          <a href={`/submissions/${id}/files`} class="btn btn-sm">
            {at.t("files.all")}
          </a>
        )}
        <a href={`/api/v1/submissions/${id}/zip`} class="btn btn-sm" download>
          <DownloadIcon />
          {at.t("files.zip")}
        </a>
      </p>
    </Card>
  );
}

export const sourceAddress = (id: string, path: string) =>
  `/submissions/${id}/source?path=${encodeURIComponent(path)}`;

export function ReceiptCard({ at, view }: Props) {
  const { submission, course } = view.access;
  const { t, lang } = at;
  return (
    <Card
      title={t("receipt.title")}
      id="receipt"
      actions={
        <a href={`/api/v1/submissions/${submission.id}/receipt`} class="btn btn-sm" download>
          <DownloadIcon />
          {t("deadline.receipt")}
        </a>
      }
    >
      <Facts>
        <Fact name={t("receipt.time")}>
          <Exact at={submission.receivedAt} zone={course.timeZone} lang={lang} />
        </Fact>
        {submission.receivedAt < submission.completedAt && (
          <Fact name={t("deadline.completed")}>
            <Exact at={submission.completedAt} zone={course.timeZone} lang={lang} />
          </Fact>
        )}
        <Fact name={t("receipt.name")}>
          <a href={`/api/v1/submissions/${submission.id}/original`} class="link" download>
            {submission.originalName}
          </a>{" "}
          <span class="muted">{`${count(submission.originalBytes, lang)} B`}</span>
        </Fact>
        <Fact name={t("receipt.hash")}>
          <code class="text-sm">{submission.originalBlob}</code>
        </Fact>
        <Fact name={t("receipt.attempt")}>
          <code class="text-sm">{`${view.report.attempt.id} · ${view.report.attempt.number}`}</code>
        </Fact>
        {submission.notes.length > 0 && (
          <Fact name={t("receipt.notes")}>
            <ul class="list-disc pl-4">
              {submission.notes.map((note) => (
                <li>{filledNote(archiveNotes[note.code][lang], note.params, lang)}</li>
              ))}
            </ul>
          </Fact>
        )}
      </Facts>
    </Card>
  );
}

export function GradedCard({ at, view }: Props) {
  const { staff, student } = view.report;
  const circumstances = staff?.circumstances ?? student.circumstances;
  if (!circumstances) return null;
  const { t } = at;
  const libraries = Object.entries(circumstances.libraries).map(([name, version]) => `${name} ${version}`);
  return (
    <Card title={t("graded.title")} id="graded">
      <Facts>
        <Fact name={t("graded.suite")}>
          {circumstances.suite} <code class="muted text-sm">{circumstances.suiteHash.slice(0, 12)}</code>
        </Fact>
        {libraries.length > 0 && <Fact name={t("graded.libraries")}>{libraries.join(", ")}</Fact>}
        <Fact name={t("graded.cpu")}>{circumstances.cpu}</Fact>
        <DeviceFacts at={at} view={view} />
        {staff?.circumstances && (
          <>
            <Fact name={t("graded.seed")}>
              <code class="text-sm">{staff.circumstances.seed}</code>
            </Fact>
            <Fact name={t("graded.images")}>
              <code class="text-sm">
                {staff.circumstances.imageDigests.student} · {staff.circumstances.imageDigests.harness}
              </code>
            </Fact>
            {!view.access.blind && (
              <Fact name={t("graded.debug")}>
                <code class="text-sm">assay debug {view.report.attempt.id}</code>
              </Fact>
            )}
            {staff.circumstances.sboms && (
              <Fact name={t("graded.sboms")}>
                <code class="text-sm">
                  {staff.circumstances.sboms.student} · {staff.circumstances.sboms.harness}
                </code>
              </Fact>
            )}
          </>
        )}
      </Facts>
    </Card>
  );
}

/** On which device it ran; that it ran without one; what the host saw of it, for staff. */
function DeviceFacts({ at, view }: Props) {
  const { t, lang } = at;
  const { staff, student } = view.report;
  const { gpu, reduced } = staff?.circumstances ?? student.circumstances ?? {};
  const seen = staff?.circumstances?.gpu;
  return (
    <>
      {reduced && <Fact name={t("graded.reduced")}>{t("graded.reduced.cpu")}</Fact>}
      {gpu && <Fact name={t("graded.gpu")}>{gpu.name}</Fact>}
      {view.report.otherDevice && (
        <Fact name={t("graded.other-device")}>
          {t("graded.other-device.help", deviceNames(at, view.report.otherDevice))}
        </Fact>
      )}
      {gpu?.id && (
        <Fact name={t("graded.gpu.id")}>
          <code class="text-sm">{gpu.id}</code>
        </Fact>
      )}
      {seen?.peakBytes != null && (
        <Fact name={t("graded.gpu.peak")}>{`${count(Math.round(seen.peakBytes / 2 ** 20), lang)} MiB`}</Fact>
      )}
      {seen?.peakUtilisation != null && <Fact name={t("graded.gpu.use")}>{`${seen.peakUtilisation} %`}</Fact>}
    </>
  );
}

/** Flags and faults: what students never see. */
export function StaffCard({ at, view }: Props) {
  const { staff } = view.report;
  if (!staff) return null;
  const { t, lang } = at;
  return (
    <Card title={t("staff.title")} id="staff">
      <Facts>
        <Fact name={t("staff.flags")}>
          {staff.flags.length === 0 ? (
            <span class="muted">{t("staff.no-flags")}</span>
          ) : (
            <ul class="grid gap-1">
              {staff.flags.map((flag) => (
                <li class="flex gap-2">
                  <span class="mt-1 text-warning">
                    <FlagIcon />
                  </span>
                  {flag[lang]}
                </li>
              ))}
            </ul>
          )}
        </Fact>
        {view.staffTests && (
          <Fact name={t("stage.staff")}>
            <form method="post" action={`/submissions/${view.access.submission.id}/staff-tests`}>
              <button type="submit" class="btn btn-sm">
                {t("stage.staff.run")}
              </button>
            </form>
          </Fact>
        )}
        {staff.fault && <Fact name={t("staff.fault")}>{staff.fault}</Fact>}
        {staff.worker && (
          <Fact name={t("graded.worker")}>
            <code class="text-sm">{staff.worker}</code>
          </Fact>
        )}
        {staff.wallMs !== null && (
          <Fact name={t("graded.time")}>{t("test.time", { ms: Math.round(staff.wallMs) })}</Fact>
        )}
      </Facts>
    </Card>
  );
}
