/** Nodes with this label have a living kubelet; taking it away is pulling the plug. */
export const KUBELET_LABEL = "lab/kubelet";
