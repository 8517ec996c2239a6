/// <reference lib="dom" />
/// <reference types="vite/client" />
// The browser's part: every page works without it; it adds progress, live results and small comforts.
import "htmx.org";
import "./styles.css";
import { useSavedComments } from "./bank.ts";
import { followKeys } from "./keys.ts";
import { followReports } from "./live.ts";
import { closeMenus } from "./menus.ts";
import { showPdfs } from "./pdf.ts";
import { fillInvitation } from "./set-password.ts";
import { enhanceUploads } from "./upload.ts";

document.documentElement.classList.add("scripts");
closeMenus();
fillInvitation();
enhanceUploads();
followReports();
followKeys();
showPdfs();
useSavedComments();
