// What a friend sees who has opened the link.
import { h } from "../../page/dom.ts";
import { notice } from "../../page/notice.ts";
import { refresh } from "../../page/router.ts";
import { working } from "../../page/work.ts";
import { accept } from "../../suite/games.ts";
import { text } from "../../text/text.ts";

export const invitation = (matchId: string): HTMLElement =>
  notice(
    text().invitation,
    text().invitationHint,
    h(
      "button",
      {
        class: "button button-main",
        onclick: working(async () => {
          await accept(matchId);
          refresh();
        }),
      },
      text().accept,
    ),
  );
