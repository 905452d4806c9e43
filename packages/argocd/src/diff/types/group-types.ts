/** Go types of k8s.io/api v0.37.1: all groups but core, whose names stand before the types; the notation is in kubernetes-types.ts. */
export const groupTypes = `
admissionregistration.ApplyConfiguration expression?:string
admissionregistration.AuditAnnotation key:string valueExpression:string
admissionregistration.ExpressionWarning fieldRef:string warning:string
admissionregistration.JSONPatch expression?:string
admissionregistration.MatchCondition name:string expression:string
admissionregistration.MatchResources namespaceSelector?:*meta.LabelSelector objectSelector?:*meta.LabelSelector resourceRules?:[]admissionregistration.NamedRuleWithOperations excludeResourceRules?:[]admissionregistration.NamedRuleWithOperations matchPolicy?:*string
admissionregistration.MutatingAdmissionPolicy apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:admissionregistration.MutatingAdmissionPolicySpec
admissionregistration.MutatingAdmissionPolicyBinding apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:admissionregistration.MutatingAdmissionPolicyBindingSpec
admissionregistration.MutatingAdmissionPolicyBindingSpec policyName?:string paramRef?:*admissionregistration.ParamRef matchResources?:*admissionregistration.MatchResources
admissionregistration.MutatingAdmissionPolicySpec paramKind?:*admissionregistration.ParamKind matchConstraints?:*admissionregistration.MatchResources variables?:[]admissionregistration.Variable mutations?:[]admissionregistration.Mutation failurePolicy?:*string matchConditions?:[]admissionregistration.MatchCondition;merge;name reinvocationPolicy?:string
admissionregistration.MutatingWebhook name:string clientConfig:admissionregistration.WebhookClientConfig rules?:[]admissionregistration.RuleWithOperations failurePolicy?:*string matchPolicy?:*string namespaceSelector?:*meta.LabelSelector objectSelector?:*meta.LabelSelector sideEffects:*string timeoutSeconds?:*int32 admissionReviewVersions:[]string reinvocationPolicy?:*string matchConditions?:[]admissionregistration.MatchCondition;merge;name
admissionregistration.MutatingWebhookConfiguration apiVersion?:string kind?:string metadata?:meta.ObjectMeta webhooks?:[]admissionregistration.MutatingWebhook;merge;name
admissionregistration.Mutation patchType:string applyConfiguration?:*admissionregistration.ApplyConfiguration jsonPatch?:*admissionregistration.JSONPatch
admissionregistration.NamedRuleWithOperations resourceNames?:[]string ...admissionregistration.RuleWithOperations
admissionregistration.ParamKind apiVersion?:string kind?:string
admissionregistration.ParamRef name?:string namespace?:string selector?:*meta.LabelSelector parameterNotFoundAction?:*string
admissionregistration.Rule apiGroups?:[]string apiVersions?:[]string resources?:[]string scope?:*string
admissionregistration.RuleWithOperations operations?:[]string ...admissionregistration.Rule
admissionregistration.ServiceReference namespace:string name:string path?:*string port?:*int32
admissionregistration.TypeChecking expressionWarnings?:[]admissionregistration.ExpressionWarning
admissionregistration.ValidatingAdmissionPolicy apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:admissionregistration.ValidatingAdmissionPolicySpec status?:admissionregistration.ValidatingAdmissionPolicyStatus
admissionregistration.ValidatingAdmissionPolicyBinding apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:admissionregistration.ValidatingAdmissionPolicyBindingSpec
admissionregistration.ValidatingAdmissionPolicyBindingSpec policyName?:string paramRef?:*admissionregistration.ParamRef matchResources?:*admissionregistration.MatchResources validationActions?:[]string
admissionregistration.ValidatingAdmissionPolicySpec paramKind?:*admissionregistration.ParamKind matchConstraints?:*admissionregistration.MatchResources validations?:[]admissionregistration.Validation failurePolicy?:*string auditAnnotations?:[]admissionregistration.AuditAnnotation matchConditions?:[]admissionregistration.MatchCondition;merge;name variables?:[]admissionregistration.Variable;merge;name
admissionregistration.ValidatingAdmissionPolicyStatus observedGeneration?:int64 typeChecking?:*admissionregistration.TypeChecking conditions?:[]meta.Condition
admissionregistration.ValidatingWebhook name:string clientConfig:admissionregistration.WebhookClientConfig rules?:[]admissionregistration.RuleWithOperations failurePolicy?:*string matchPolicy?:*string namespaceSelector?:*meta.LabelSelector objectSelector?:*meta.LabelSelector sideEffects:*string timeoutSeconds?:*int32 admissionReviewVersions:[]string matchConditions?:[]admissionregistration.MatchCondition;merge;name
admissionregistration.ValidatingWebhookConfiguration apiVersion?:string kind?:string metadata?:meta.ObjectMeta webhooks?:[]admissionregistration.ValidatingWebhook;merge;name
admissionregistration.Validation expression:string message?:string reason?:*string messageExpression?:string
admissionregistration.Variable name:string expression:string
admissionregistration.WebhookClientConfig url?:*string service?:*admissionregistration.ServiceReference caBundle?:bytes
apps.ControllerRevision apiVersion?:string kind?:string metadata?:meta.ObjectMeta data:Raw revision:int64
apps.DaemonSet apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:apps.DaemonSetSpec status?:apps.DaemonSetStatus
apps.DaemonSetCondition type:string status:string lastTransitionTime?:Time reason?:string message?:string
apps.DaemonSetSpec selector:*meta.LabelSelector template:core.PodTemplateSpec updateStrategy?:apps.DaemonSetUpdateStrategy minReadySeconds?:int32 revisionHistoryLimit?:*int32
apps.DaemonSetStatus currentNumberScheduled:int32 numberMisscheduled:int32 desiredNumberScheduled:int32 numberReady:int32 observedGeneration?:int64 updatedNumberScheduled?:int32 numberAvailable?:int32 numberUnavailable?:int32 collisionCount?:*int32 conditions?:[]apps.DaemonSetCondition;merge;type
apps.DaemonSetUpdateStrategy type?:string rollingUpdate?:*apps.RollingUpdateDaemonSet
apps.Deployment apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:apps.DeploymentSpec status?:apps.DeploymentStatus
apps.DeploymentCondition type:string status:string lastUpdateTime?:Time lastTransitionTime?:Time reason?:string message?:string
apps.DeploymentSpec replicas?:*int32 selector:*meta.LabelSelector template:core.PodTemplateSpec strategy?:apps.DeploymentStrategy;retainKeys minReadySeconds?:int32 revisionHistoryLimit?:*int32 paused?:bool progressDeadlineSeconds?:*int32
apps.DeploymentStatus observedGeneration?:int64 replicas?:int32 updatedReplicas?:int32 readyReplicas?:int32 availableReplicas?:int32 unavailableReplicas?:int32 terminatingReplicas?:*int32 conditions?:[]apps.DeploymentCondition;merge;type collisionCount?:*int32
apps.DeploymentStrategy type?:string rollingUpdate?:*apps.RollingUpdateDeployment
apps.ReplicaSet apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:apps.ReplicaSetSpec status?:apps.ReplicaSetStatus
apps.ReplicaSetCondition type:string status:string lastTransitionTime?:Time reason?:string message?:string
apps.ReplicaSetSpec replicas?:*int32 minReadySeconds?:int32 selector:*meta.LabelSelector template?:core.PodTemplateSpec
apps.ReplicaSetStatus replicas:int32 fullyLabeledReplicas?:int32 readyReplicas?:int32 availableReplicas?:int32 terminatingReplicas?:*int32 observedGeneration?:int64 conditions?:[]apps.ReplicaSetCondition;merge;type
apps.RollingUpdateDaemonSet maxUnavailable?:*IntOrString maxSurge?:*IntOrString
apps.RollingUpdateDeployment maxUnavailable?:*IntOrString maxSurge?:*IntOrString
apps.RollingUpdateStatefulSetStrategy partition?:*int32 maxUnavailable?:*IntOrString
apps.StatefulSet apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:apps.StatefulSetSpec status?:apps.StatefulSetStatus
apps.StatefulSetCondition type:string status:string lastTransitionTime?:Time reason?:string message?:string
apps.StatefulSetOrdinals start:int32
apps.StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted?:string whenScaled?:string
apps.StatefulSetSpec replicas?:*int32 selector:*meta.LabelSelector template:core.PodTemplateSpec volumeClaimTemplates?:[]core.PersistentVolumeClaim serviceName:string podManagementPolicy?:string updateStrategy?:apps.StatefulSetUpdateStrategy revisionHistoryLimit?:*int32 minReadySeconds?:int32 persistentVolumeClaimRetentionPolicy?:*apps.StatefulSetPersistentVolumeClaimRetentionPolicy ordinals?:*apps.StatefulSetOrdinals
apps.StatefulSetStatus observedGeneration?:int64 replicas:int32 readyReplicas?:int32 currentReplicas?:int32 updatedReplicas?:int32 currentRevision?:string updateRevision?:string collisionCount?:*int32 conditions?:[]apps.StatefulSetCondition;merge;type availableReplicas:int32
apps.StatefulSetUpdateStrategy type?:string rollingUpdate?:*apps.RollingUpdateStatefulSetStrategy
autoscaling.CrossVersionObjectReference kind:string name:string apiVersion?:string
autoscaling.HorizontalPodAutoscaler apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:autoscaling.HorizontalPodAutoscalerSpec status?:autoscaling.HorizontalPodAutoscalerStatus
autoscaling.HorizontalPodAutoscalerSpec scaleTargetRef:autoscaling.CrossVersionObjectReference minReplicas?:*int32 maxReplicas:int32 targetCPUUtilizationPercentage?:*int32
autoscaling.HorizontalPodAutoscalerStatus observedGeneration?:*int64 lastScaleTime?:*Time currentReplicas:int32 desiredReplicas:int32 currentCPUUtilizationPercentage?:*int32
autoscaling.Scale apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:autoscaling.ScaleSpec status?:autoscaling.ScaleStatus
autoscaling.ScaleSpec replicas?:int32
autoscaling.ScaleStatus replicas:int32 selector?:string
autoscalingv2.ContainerResourceMetricSource name:string target:autoscalingv2.MetricTarget container:string
autoscalingv2.ContainerResourceMetricStatus name:string current:autoscalingv2.MetricValueStatus container:string
autoscalingv2.CrossVersionObjectReference kind:string name:string apiVersion?:string
autoscalingv2.ExternalMetricSource metric:autoscalingv2.MetricIdentifier target:autoscalingv2.MetricTarget
autoscalingv2.ExternalMetricStatus metric:autoscalingv2.MetricIdentifier current:autoscalingv2.MetricValueStatus
autoscalingv2.HPAScalingPolicy type:string value:int32 periodSeconds:int32
autoscalingv2.HPAScalingRules stabilizationWindowSeconds?:*int32 selectPolicy?:*string policies?:[]autoscalingv2.HPAScalingPolicy tolerance?:*Quantity
autoscalingv2.HorizontalPodAutoscaler apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:autoscalingv2.HorizontalPodAutoscalerSpec status?:autoscalingv2.HorizontalPodAutoscalerStatus
autoscalingv2.HorizontalPodAutoscalerBehavior scaleUp?:*autoscalingv2.HPAScalingRules scaleDown?:*autoscalingv2.HPAScalingRules
autoscalingv2.HorizontalPodAutoscalerCondition type:string status:string lastTransitionTime?:Time reason?:string message?:string observedGeneration?:*int64
autoscalingv2.HorizontalPodAutoscalerSpec scaleTargetRef:autoscalingv2.CrossVersionObjectReference minReplicas?:*int32 maxReplicas:int32 metrics?:[]autoscalingv2.MetricSpec behavior?:*autoscalingv2.HorizontalPodAutoscalerBehavior
autoscalingv2.HorizontalPodAutoscalerStatus observedGeneration?:*int64 lastScaleTime?:*Time currentReplicas?:int32 desiredReplicas:int32 currentMetrics:[]autoscalingv2.MetricStatus conditions?:[]autoscalingv2.HorizontalPodAutoscalerCondition;merge;type
autoscalingv2.MetricIdentifier name:string selector?:*meta.LabelSelector
autoscalingv2.MetricSpec type:string object?:*autoscalingv2.ObjectMetricSource pods?:*autoscalingv2.PodsMetricSource resource?:*autoscalingv2.ResourceMetricSource containerResource?:*autoscalingv2.ContainerResourceMetricSource external?:*autoscalingv2.ExternalMetricSource
autoscalingv2.MetricStatus type:string object?:*autoscalingv2.ObjectMetricStatus pods?:*autoscalingv2.PodsMetricStatus resource?:*autoscalingv2.ResourceMetricStatus containerResource?:*autoscalingv2.ContainerResourceMetricStatus external?:*autoscalingv2.ExternalMetricStatus
autoscalingv2.MetricTarget type:string value?:*Quantity averageValue?:*Quantity averageUtilization?:*int32
autoscalingv2.MetricValueStatus value?:*Quantity averageValue?:*Quantity averageUtilization?:*int32
autoscalingv2.ObjectMetricSource describedObject:autoscalingv2.CrossVersionObjectReference target:autoscalingv2.MetricTarget metric:autoscalingv2.MetricIdentifier
autoscalingv2.ObjectMetricStatus metric:autoscalingv2.MetricIdentifier current:autoscalingv2.MetricValueStatus describedObject:autoscalingv2.CrossVersionObjectReference
autoscalingv2.PodsMetricSource metric:autoscalingv2.MetricIdentifier target:autoscalingv2.MetricTarget
autoscalingv2.PodsMetricStatus metric:autoscalingv2.MetricIdentifier current:autoscalingv2.MetricValueStatus
autoscalingv2.ResourceMetricSource name:string target:autoscalingv2.MetricTarget
autoscalingv2.ResourceMetricStatus name:string current:autoscalingv2.MetricValueStatus
batch.CronJob apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:batch.CronJobSpec status?:batch.CronJobStatus
batch.CronJobSpec schedule:string timeZone?:*string startingDeadlineSeconds?:*int64 concurrencyPolicy?:string suspend?:*bool jobTemplate:batch.JobTemplateSpec successfulJobsHistoryLimit?:*int32 failedJobsHistoryLimit?:*int32
batch.CronJobStatus active?:[]core.ObjectReference lastScheduleTime?:*Time lastSuccessfulTime?:*Time
batch.Job apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:batch.JobSpec status?:batch.JobStatus
batch.JobCondition type:string status:string lastProbeTime?:Time lastTransitionTime?:Time reason?:string message?:string
batch.JobSchedulingConfiguration schedulingPolicy?:*Raw schedulingConstraints?:*Raw disruptionMode?:*Raw resourceClaims?:[]Raw;merge;name
batch.JobSpec parallelism?:*int32 completions?:*int32 activeDeadlineSeconds?:*int64 podFailurePolicy?:*batch.PodFailurePolicy successPolicy?:*batch.SuccessPolicy backoffLimit?:*int32 backoffLimitPerIndex?:*int32 maxFailedIndexes?:*int32 selector?:*meta.LabelSelector manualSelector?:*bool template:core.PodTemplateSpec ttlSecondsAfterFinished?:*int32 completionMode?:*string suspend?:*bool podReplacementPolicy?:*string managedBy?:*string scheduling?:*batch.JobSchedulingConfiguration
batch.JobStatus conditions?:[]batch.JobCondition;merge;type startTime?:*Time completionTime?:*Time active?:int32 succeeded?:int32 failed?:int32 terminating?:*int32 completedIndexes?:string failedIndexes?:*string uncountedTerminatedPods?:*batch.UncountedTerminatedPods ready?:*int32
batch.JobTemplateSpec metadata?:meta.ObjectMeta spec?:batch.JobSpec
batch.PodFailurePolicy rules:[]batch.PodFailurePolicyRule
batch.PodFailurePolicyOnExitCodesRequirement containerName?:*string operator:string values:[]int32
batch.PodFailurePolicyOnPodConditionsPattern type:string status:string
batch.PodFailurePolicyRule action:string onExitCodes?:*batch.PodFailurePolicyOnExitCodesRequirement onPodConditions?:[]batch.PodFailurePolicyOnPodConditionsPattern
batch.SuccessPolicy rules:[]batch.SuccessPolicyRule
batch.SuccessPolicyRule succeededIndexes?:*string succeededCount?:*int32
batch.UncountedTerminatedPods succeeded?:[]string failed?:[]string
certificates.CertificateSigningRequest apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec:certificates.CertificateSigningRequestSpec status?:certificates.CertificateSigningRequestStatus
certificates.CertificateSigningRequestCondition type:string status:string reason?:string message?:string lastUpdateTime?:Time lastTransitionTime?:Time
certificates.CertificateSigningRequestSpec request:bytes signerName:string expirationSeconds?:*int32 usages?:[]string username?:string uid?:string groups?:[]string extra?:map:[]string
certificates.CertificateSigningRequestStatus conditions?:[]certificates.CertificateSigningRequestCondition certificate?:bytes
certificates.ClusterTrustBundle apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec:certificates.ClusterTrustBundleSpec
certificates.ClusterTrustBundleSpec signerName?:string trustBundle:string
certificates.PodCertificateRequest apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec:certificates.PodCertificateRequestSpec status?:certificates.PodCertificateRequestStatus
certificates.PodCertificateRequestSpec signerName:string podName:string podUID:string serviceAccountName:string serviceAccountUID:string nodeName:string nodeUID:string maxExpirationSeconds?:*int32 stubPKCS10Request:bytes unverifiedUserAnnotations?:map:string
certificates.PodCertificateRequestStatus conditions?:[]meta.Condition;merge;type certificateChain?:string notBefore?:*Time beginRefreshAt?:*Time notAfter?:*Time
coordination.Lease apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:coordination.LeaseSpec
coordination.LeaseSpec holderIdentity?:*string leaseDurationSeconds?:*int32 acquireTime?:*MicroTime renewTime?:*MicroTime leaseTransitions?:*int32 strategy?:*string preferredHolder?:*string
discovery.Endpoint addresses:[]string conditions?:discovery.EndpointConditions hostname?:*string targetRef?:*core.ObjectReference deprecatedTopology?:map:string nodeName?:*string zone?:*string hints?:*discovery.EndpointHints
discovery.EndpointConditions ready?:*bool serving?:*bool terminating?:*bool
discovery.EndpointHints forZones?:[]discovery.ForZone forNodes?:[]discovery.ForNode
discovery.EndpointPort name?:*string protocol?:*string port?:*int32 appProtocol?:*string
discovery.EndpointSlice apiVersion?:string kind?:string metadata?:meta.ObjectMeta addressType:string endpoints:[]discovery.Endpoint ports:[]discovery.EndpointPort
discovery.ForNode name:string
discovery.ForZone name:string
events.Event apiVersion?:string kind?:string metadata:meta.ObjectMeta eventTime:MicroTime series?:*events.EventSeries reportingController?:string reportingInstance?:string action?:string reason?:string regarding?:core.ObjectReference related?:*core.ObjectReference note?:string type?:string deprecatedSource?:core.EventSource deprecatedFirstTimestamp?:Time deprecatedLastTimestamp?:Time deprecatedCount?:int32
events.EventSeries count:int32 lastObservedTime:MicroTime
networking.HTTPIngressPath path?:string pathType:*string backend:networking.IngressBackend
networking.HTTPIngressRuleValue paths:[]networking.HTTPIngressPath
networking.IPAddress apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:networking.IPAddressSpec
networking.IPAddressSpec parentRef?:*networking.ParentReference
networking.IPBlock cidr:string except?:[]string
networking.Ingress apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:networking.IngressSpec status?:networking.IngressStatus
networking.IngressBackend service?:*networking.IngressServiceBackend resource?:*core.TypedLocalObjectReference
networking.IngressClass apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:networking.IngressClassSpec
networking.IngressClassParametersReference apiGroup?:*string kind:string name:string scope:*string namespace?:*string
networking.IngressClassSpec controller?:string parameters?:*networking.IngressClassParametersReference
networking.IngressLoadBalancerIngress ip?:string hostname?:string ports?:[]networking.IngressPortStatus
networking.IngressLoadBalancerStatus ingress?:[]networking.IngressLoadBalancerIngress
networking.IngressPortStatus port:int32 protocol:string error?:*string
networking.IngressRule host?:string ...networking.IngressRuleValue
networking.IngressRuleValue http?:*networking.HTTPIngressRuleValue
networking.IngressServiceBackend name:string port?:networking.ServiceBackendPort
networking.IngressSpec ingressClassName?:*string defaultBackend?:*networking.IngressBackend tls?:[]networking.IngressTLS rules?:[]networking.IngressRule
networking.IngressStatus loadBalancer?:networking.IngressLoadBalancerStatus
networking.IngressTLS hosts?:[]string secretName?:string
networking.NetworkPolicy apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:networking.NetworkPolicySpec
networking.NetworkPolicyEgressRule ports?:[]networking.NetworkPolicyPort to?:[]networking.NetworkPolicyPeer
networking.NetworkPolicyIngressRule ports?:[]networking.NetworkPolicyPort from?:[]networking.NetworkPolicyPeer
networking.NetworkPolicyPeer podSelector?:*meta.LabelSelector namespaceSelector?:*meta.LabelSelector ipBlock?:*networking.IPBlock
networking.NetworkPolicyPort protocol?:*string port?:*IntOrString endPort?:*int32
networking.NetworkPolicySpec podSelector:meta.LabelSelector ingress?:[]networking.NetworkPolicyIngressRule egress?:[]networking.NetworkPolicyEgressRule policyTypes?:[]string
networking.ParentReference group?:string resource?:string namespace?:string name?:string
networking.ServiceBackendPort name?:string number?:int32
networking.ServiceCIDR apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:networking.ServiceCIDRSpec status?:networking.ServiceCIDRStatus
networking.ServiceCIDRSpec cidrs?:[]string
networking.ServiceCIDRStatus conditions?:[]meta.Condition;merge;type
node.Overhead podFixed?:map:Quantity
node.RuntimeClass apiVersion?:string kind?:string metadata?:meta.ObjectMeta handler:string overhead?:*node.Overhead scheduling?:*node.Scheduling
node.Scheduling nodeSelector?:map:string tolerations?:[]core.Toleration
policy.Eviction apiVersion?:string kind?:string metadata?:meta.ObjectMeta deleteOptions?:*meta.DeleteOptions
policy.PodDisruptionBudget apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:policy.PodDisruptionBudgetSpec status?:policy.PodDisruptionBudgetStatus
policy.PodDisruptionBudgetSpec minAvailable?:*IntOrString selector?:*meta.LabelSelector;replace maxUnavailable?:*IntOrString unhealthyPodEvictionPolicy?:*string
policy.PodDisruptionBudgetStatus observedGeneration?:int64 disruptedPods?:map:Time disruptionsAllowed:int32 currentHealthy:int32 desiredHealthy:int32 expectedPods:int32 conditions?:[]meta.Condition;merge;type
rbac.AggregationRule clusterRoleSelectors?:[]meta.LabelSelector
rbac.ClusterRole apiVersion?:string kind?:string metadata?:meta.ObjectMeta rules:[]rbac.PolicyRule aggregationRule?:*rbac.AggregationRule
rbac.ClusterRoleBinding apiVersion?:string kind?:string metadata?:meta.ObjectMeta subjects?:[]rbac.Subject roleRef:rbac.RoleRef
rbac.PolicyRule verbs:[]string apiGroups?:[]string resources?:[]string resourceNames?:[]string nonResourceURLs?:[]string
rbac.Role apiVersion?:string kind?:string metadata?:meta.ObjectMeta rules:[]rbac.PolicyRule
rbac.RoleBinding apiVersion?:string kind?:string metadata?:meta.ObjectMeta subjects?:[]rbac.Subject roleRef:rbac.RoleRef
rbac.RoleRef apiGroup:string kind:string name:string
rbac.Subject kind:string apiGroup?:string name:string namespace?:string
scheduling.PriorityClass apiVersion?:string kind?:string metadata?:meta.ObjectMeta value:int32 globalDefault?:bool description?:string preemptionPolicy?:*Raw
storage.CSIDriver apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec:storage.CSIDriverSpec
storage.CSIDriverSpec attachRequired?:*bool podInfoOnMount?:*bool volumeLifecycleModes?:[]string storageCapacity?:*bool fsGroupPolicy?:*string tokenRequests?:[]storage.TokenRequest requiresRepublish?:*bool seLinuxMount?:*bool nodeAllocatableUpdatePeriodSeconds?:*int64 serviceAccountTokenInSecrets?:*bool preventPodSchedulingIfMissing?:*bool
storage.CSINode apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec:storage.CSINodeSpec status?:storage.CSINodeStatus
storage.CSINodeDriver name:string nodeID:string topologyKeys:[]string allocatable?:*storage.VolumeNodeResources
storage.CSINodeSpec drivers:[]storage.CSINodeDriver;merge;name
storage.CSINodeStatus storageHealth?:[]storage.StorageHealth;merge;name
storage.CSIStorageCapacity apiVersion?:string kind?:string metadata?:meta.ObjectMeta nodeTopology?:*meta.LabelSelector storageClassName:string capacity?:*Quantity maximumVolumeSize?:*Quantity
storage.StorageClass apiVersion?:string kind?:string metadata?:meta.ObjectMeta provisioner:string parameters?:map:string reclaimPolicy?:*string mountOptions?:[]string allowVolumeExpansion?:*bool volumeBindingMode?:*string allowedTopologies?:[]core.TopologySelectorTerm
storage.StorageHealth name:string healthConditions?:[]storage.StorageHealthCondition
storage.StorageHealthCondition status:string reason:string message?:string accessMode?:*string volumeMode?:*string lastTransitionTime?:Time
storage.TokenRequest audience:string expirationSeconds?:*int64
storage.VolumeAttachment apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec:storage.VolumeAttachmentSpec status?:storage.VolumeAttachmentStatus
storage.VolumeAttachmentSource persistentVolumeName?:*string inlineVolumeSpec?:*core.PersistentVolumeSpec
storage.VolumeAttachmentSpec attacher:string source:storage.VolumeAttachmentSource nodeName:string
storage.VolumeAttachmentStatus attached:bool attachmentMetadata?:map:string attachError?:*storage.VolumeError detachError?:*storage.VolumeError
storage.VolumeAttributesClass apiVersion?:string kind?:string metadata?:meta.ObjectMeta driverName:string parameters?:map:string
storage.VolumeError time?:Time message?:string errorCode?:*int32
storage.VolumeNodeResources count?:*int32
`;
