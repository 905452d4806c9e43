import type { EstateFile } from "@tiphys/estate";

type ReleaseSettings = EstateFile["releases"] extends ReadonlyMap<string, infer Settings> ? Settings : never;

/**
 * What tiphys.yaml says of a release; undefined: nothing. The entry of `namespace/name`, else of `name`, comes before that of `namespace/*`, and that
 * before `*`; reasons that any of them accepts are accepted. Name and wave come from the release's own entry only.
 */
export function releaseSettings(
  { releases }: EstateFile,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): ReleaseSettings | undefined {
  const own = releases.get(`${namespace}/${name}`) ?? releases.get(name);
  const found = [own, releases.get(`${namespace}/*`), releases.get("*")].filter((each) => each !== undefined);
  if (found.length === 0 || (found.length === 1 && own !== undefined)) return own;
  const first = <Key extends keyof ReleaseSettings>(key: Key): ReleaseSettings[Key] | undefined =>
    found.find((each) => each[key] !== undefined)?.[key];
  return {
    tier: first("tier"),
    component: own?.component,
    source: first("source"),
    wave: own?.wave,
    accept: [...new Set(found.flatMap(({ accept }) => accept))],
    smoke: first("smoke"),
    crds: found.some(({ crds }) => crds === "component") ? "component" : "with-release",
  };
}
