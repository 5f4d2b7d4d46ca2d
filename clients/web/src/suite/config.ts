// Where the suite is, as the gateway that served the page says.

export interface Config {
  readonly clientId: string;
  /** Base URLs; of the gateway perhaps empty: where the page came from. */
  readonly auth: string;
  readonly kv: string;
  readonly gateway: string;
}

let config: Config | undefined;

export async function loadConfig(): Promise<void> {
  const answer = await fetch("/config.json");

  if (!answer.ok) throw new Error(`config.json: ${answer.status}`);
  config = (await answer.json()) as Config;
}

/** To be asked for after loadConfig only. */
export function theConfig(): Config {
  if (!config) throw new Error("there is no config yet");
  return config;
}
