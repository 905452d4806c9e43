/** Go types of k8s.io/apimachinery 0.37 (pkg/apis/meta/v1/types.go) that Argo CD embeds; the notation is in schema.ts. */
export const metaTypes = `
ObjectMeta
  name? string
  generateName? string
  namespace? string
  selfLink? string
  uid? UID
  resourceVersion? string
  generation? int64
  creationTimestamp?0 Time
  deletionTimestamp? *Time
  deletionGracePeriodSeconds? *int64
  labels? map[string]string
  annotations? map[string]string
  ownerReferences? []OwnerReference strategy=merge key=uid
  finalizers? []string strategy=merge
  managedFields? []Opaque
OwnerReference
  apiVersion string
  kind string
  name string
  uid UID
  controller? *bool
  blockOwnerDeletion? *bool
LabelSelector
  matchLabels? map[string]string
  matchExpressions? []LabelSelectorRequirement
LabelSelectorRequirement
  key string
  operator LabelSelectorOperator
  values? []string
LabelSelectorOperator = string
`;
