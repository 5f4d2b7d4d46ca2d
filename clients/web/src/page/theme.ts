// Dark, light, or as the device has it.
import { keep, kept, keys } from "./storage.ts";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export const theme = (): Theme =>
  themes.find((name) => name === kept(keys.theme)) ?? "system";

export function applyTheme(): void {
  document.documentElement.dataset["theme"] = theme();
}

export function chooseTheme(name: Theme): void {
  keep(keys.theme, name);
  applyTheme();
}
