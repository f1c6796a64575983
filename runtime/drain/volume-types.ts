import type { ResourceType } from "../ports/index.js";

/** Volumes as the cluster knows them; which claim each is bound to is in their spec. */
export const PERSISTENT_VOLUMES: ResourceType = Object.freeze({
  group: "",
  versions: ["v1"],
  plural: "persistentvolumes",
  kind: "PersistentVolume",
  isNamespaced: false,
});

/** One per volume that a CSI driver has attached to a node, or is about to attach or detach. */
export const VOLUME_ATTACHMENTS: ResourceType = Object.freeze({
  group: "storage.k8s.io",
  versions: ["v1"],
  plural: "volumeattachments",
  kind: "VolumeAttachment",
  isNamespaced: false,
});
