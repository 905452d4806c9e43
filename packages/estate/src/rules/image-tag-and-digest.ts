import type { Plain } from "@tiphys/source";
import type { EstateRule } from "./rule.ts";

export const imageTagAndDigest: EstateRule = {
  code: "image-tag-and-digest",
  summary:
    "An image with both a tag and a digest runs the digest; a changed tag or repository changes nothing, or cannot be pulled.",
  check: ({ rendered }) =>
    rendered.flatMap(({ application, objects }) =>
      objects.flatMap((object) =>
        images(object.value)
          .filter((image) => /:[^/@]+@sha256:/.test(image))
          .map((image) => ({
            severity: "warning" as const,
            message: `${application.name}: ${object.kind} ${object.name} pulls ${image}: the digest decides, not the tag`,
            origin: application.origin,
            fix: "drop the digest, or keep both in step",
          })),
      ),
    ),
};

function images(value: Plain): string[] {
  if (value === null || typeof value !== "object") return [];
  if (Array.isArray(value)) return value.flatMap(images);
  return Object.entries(value as Readonly<Record<string, Plain>>).flatMap(([key, item]) =>
    key === "image" && typeof item === "string" ? [item] : images(item),
  );
}
