/** Go types of k8s.io/apimachinery v0.37.1 meta/v1; the notation is in kubernetes-types.ts. */
export const metaTypes = `
meta.Condition type:string status:string observedGeneration?:int64 lastTransitionTime:Time reason:string message:string
meta.DeleteOptions apiVersion?:string kind?:string gracePeriodSeconds?:*int64 preconditions?:*meta.Preconditions orphanDependents?:*bool propagationPolicy?:*string dryRun?:[]string ignoreStoreReadErrorWithClusterBreakingPotential?:*bool
meta.LabelSelector matchLabels?:map:string matchExpressions?:[]meta.LabelSelectorRequirement
meta.LabelSelectorRequirement key:string operator:string values?:[]string
meta.ManagedFieldsEntry manager?:string operation?:string apiVersion?:string time?:*Time fieldsType?:string fieldsV1?:*Raw subresource?:string
meta.ObjectMeta name?:string generateName?:string namespace?:string selfLink?:string uid?:string resourceVersion?:string generation?:int64 creationTimestamp?!:Time deletionTimestamp?:*Time deletionGracePeriodSeconds?:*int64 labels?:map:string annotations?:map:string ownerReferences?:[]meta.OwnerReference;merge;uid finalizers?:[]string;merge managedFields?:[]meta.ManagedFieldsEntry
meta.OwnerReference apiVersion:string kind:string name:string uid:string controller?:*bool blockOwnerDeletion?:*bool
meta.Preconditions uid?:*string resourceVersion?:*string
meta.TypeMeta kind?:string apiVersion?:string
`;
