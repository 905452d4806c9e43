import { gunzipSync } from "node:zlib";
import { GunzipLimitError, type GunzipFunction } from "@tiphys/helm";

/** Node's zlib, which stops at the limit by itself. */
export const nodeGunzip: GunzipFunction = (bytes, limit) => {
  try {
    return gunzipSync(bytes, { maxOutputLength: limit });
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") throw new GunzipLimitError("limit passed");
    throw error;
  }
};
