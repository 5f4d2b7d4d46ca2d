// The page: a game that begins with one touch.
import { drawShell, say, showScreen, startShell } from "./page/shell.ts";
import { refresh, startRouter, type Route } from "./page/router.ts";
import { applyTheme } from "./page/theme.ts";
import { account } from "./screens/account/account.ts";
import { confirm } from "./screens/account/confirm.ts";
import { signIn } from "./screens/account/sign_in.ts";
import { signUp } from "./screens/account/sign_up.ts";
import { home } from "./screens/home/home.ts";
import { leaderboard } from "./screens/leaderboard/leaderboard.ts";
import { match } from "./screens/match/match.ts";
import { played } from "./screens/played/played.ts";
import { replay } from "./screens/replay/replay.ts";
import { settings } from "./screens/settings/settings.ts";
import { onSession, session } from "./session/session.ts";
import { loadConfig } from "./suite/config.ts";
import { applyLanguage, text } from "./text/text.ts";

const routes: readonly Route[] = [
  { path: /^\/$/, screen: home, section: "play" },
  { path: /^\/match\/([^/]+)$/, screen: match, section: "play" },
  { path: /^\/played$/, screen: played, section: "matches" },
  { path: /^\/played\/([^/]+)$/, screen: replay, section: "matches" },
  { path: /^\/leaderboard$/, screen: leaderboard, section: "leaderboard" },
  { path: /^\/account$/, screen: account, section: "account" },
  { path: /^\/account\/sign-up$/, screen: signUp, section: "account" },
  { path: /^\/account\/sign-in$/, screen: signIn, section: "account" },
  { path: /^\/account\/confirm$/, screen: confirm, section: "account" },
  { path: /^\/settings$/, screen: settings, section: "settings" },
];

applyTheme();
applyLanguage();
startShell();
drawShell();
try {
  await loadConfig();
  startRouter(routes, showScreen);
  onSession(() => {
    if (!session()) say(text().signedOut);
    refresh();
  });
} catch {
  say(text().trouble["Unavailable"] ?? "");
}
if ("serviceWorker" in navigator && import.meta.env.PROD)
  await navigator.serviceWorker.register("/sw.js");
