import type { PageContext } from "../context.ts";

/** A submission's PDF in its frame (web/pdf/); without scripts there is the download beside it. */
export function PdfView({ at, address, name }: { at: PageContext; address: string; name: string }) {
  return (
    <>
      <iframe
        class="scripted h-[75vh] w-full rounded-box border border-base-300"
        sandbox="allow-scripts"
        title={`${at.t("pdf.title")}: ${name}`}
        data-pdf={address}
        data-frame="/pdf-frame"
      />
      <p class="mt-2 text-sm">
        <a class="link" href={address} download>
          {at.t("source.download")}
        </a>
      </p>
    </>
  );
}

export const isPdf = (path: string): boolean => /\.pdf$/i.test(path);
