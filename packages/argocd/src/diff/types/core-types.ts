/** Go types of k8s.io/api v0.37.1 core/v1; the notation is in kubernetes-types.ts. */
export const coreTypes = `
core.AWSElasticBlockStoreVolumeSource volumeID:string fsType?:string partition?:int32 readOnly?:bool
core.Affinity nodeAffinity?:*core.NodeAffinity podAffinity?:*core.PodAffinity podAntiAffinity?:*core.PodAntiAffinity
core.AppArmorProfile type:string localhostProfile?:*string
core.AttachedVolume name:string devicePath:string
core.AvoidPods preferAvoidPods?:[]core.PreferAvoidPodsEntry
core.AzureDiskVolumeSource diskName:string diskURI:string cachingMode?:*string fsType?:*string readOnly?:*bool kind?:*string
core.AzureFilePersistentVolumeSource secretName:string shareName:string readOnly?:bool secretNamespace:*string
core.AzureFileVolumeSource secretName:string shareName:string readOnly?:bool
core.Binding apiVersion?:string kind?:string metadata?:meta.ObjectMeta target:core.ObjectReference
core.CSIPersistentVolumeSource driver:string volumeHandle:string readOnly?:bool fsType?:string volumeAttributes?:map:string controllerPublishSecretRef?:*core.SecretReference nodeStageSecretRef?:*core.SecretReference nodePublishSecretRef?:*core.SecretReference controllerExpandSecretRef?:*core.SecretReference nodeExpandSecretRef?:*core.SecretReference
core.CSIVolumeSource driver:string readOnly?:*bool fsType?:*string volumeAttributes?:map:string nodePublishSecretRef?:*core.LocalObjectReference
core.Capabilities add?:[]string drop?:[]string
core.CephFSPersistentVolumeSource monitors:[]string path?:string user?:string secretFile?:string secretRef?:*core.SecretReference readOnly?:bool
core.CephFSVolumeSource monitors:[]string path?:string user?:string secretFile?:string secretRef?:*core.LocalObjectReference readOnly?:bool
core.CinderPersistentVolumeSource volumeID:string fsType?:string readOnly?:bool secretRef?:*core.SecretReference
core.CinderVolumeSource volumeID:string fsType?:string readOnly?:bool secretRef?:*core.LocalObjectReference
core.ClientIPConfig timeoutSeconds?:*int32
core.ClusterTrustBundleProjection name?:*string signerName?:*string labelSelector?:*meta.LabelSelector optional?:*bool path:string user?:*int64
core.ComponentCondition type:string status:string message?:string error?:string
core.ComponentStatus apiVersion?:string kind?:string metadata?:meta.ObjectMeta conditions?:[]core.ComponentCondition;merge;type
core.ConfigMap apiVersion?:string kind?:string metadata?:meta.ObjectMeta immutable?:*bool data?:map:string binaryData?:map:bytes
core.ConfigMapEnvSource ...core.LocalObjectReference optional?:*bool
core.ConfigMapKeySelector ...core.LocalObjectReference key:string optional?:*bool
core.ConfigMapNodeConfigSource namespace:string name:string uid?:string resourceVersion?:string kubeletConfigKey:string
core.ConfigMapProjection ...core.LocalObjectReference items?:[]core.KeyToPath optional?:*bool
core.ConfigMapVolumeSource ...core.LocalObjectReference items?:[]core.KeyToPath defaultMode?:*int32 optional?:*bool defaultUser?:*int64
core.Container name:string image?:string command?:[]string args?:[]string workingDir?:string ports?:[]core.ContainerPort;merge;containerPort envFrom?:[]core.EnvFromSource env?:[]core.EnvVar;merge;name resources?:core.ResourceRequirements resizePolicy?:[]core.ContainerResizePolicy restartPolicy?:*string restartPolicyRules?:[]core.ContainerRestartRule volumeMounts?:[]core.VolumeMount;merge;mountPath volumeDevices?:[]core.VolumeDevice;merge;devicePath livenessProbe?:*core.Probe readinessProbe?:*core.Probe startupProbe?:*core.Probe lifecycle?:*core.Lifecycle terminationMessagePath?:string terminationMessagePolicy?:string imagePullPolicy?:string securityContext?:*core.SecurityContext stdin?:bool stdinOnce?:bool tty?:bool
core.ContainerExtendedResourceRequest containerName:string resourceName:string requestName:string
core.ContainerImage names:[]string sizeBytes?:int64
core.ContainerPort name?:string hostPort?:int32 containerPort:int32 protocol?:string hostIP?:string
core.ContainerResizePolicy resourceName:string restartPolicy:string
core.ContainerRestartRule action?:string exitCodes?:*core.ContainerRestartRuleOnExitCodes
core.ContainerRestartRuleOnExitCodes operator?:string values?:[]int32
core.ContainerState waiting?:*core.ContainerStateWaiting running?:*core.ContainerStateRunning terminated?:*core.ContainerStateTerminated
core.ContainerStateRunning startedAt?:Time
core.ContainerStateTerminated exitCode:int32 signal?:int32 reason?:string message?:string startedAt?:Time finishedAt?:Time containerID?:string
core.ContainerStateWaiting reason?:string message?:string
core.ContainerStatus name:string state?:core.ContainerState lastState?:core.ContainerState ready:bool restartCount:int32 image:string imageID:string containerID?:string started?:*bool allocatedResources?:map:Quantity resources?:*core.ResourceRequirements volumeMounts?:[]core.VolumeMountStatus;merge;mountPath user?:*core.ContainerUser allocatedResourcesStatus?:[]core.ResourceStatus;merge;name stopSignal?:*string
core.ContainerUser linux?:*core.LinuxContainerUser
core.DaemonEndpoint Port:int32
core.DownwardAPIProjection items?:[]core.DownwardAPIVolumeFile
core.DownwardAPIVolumeFile path:string fieldRef?:*core.ObjectFieldSelector resourceFieldRef?:*core.ResourceFieldSelector mode?:*int32 user?:*int64
core.DownwardAPIVolumeSource items?:[]core.DownwardAPIVolumeFile defaultMode?:*int32 defaultUser?:*int64
core.EmptyDirVolumeSource medium?:string sizeLimit?:*Quantity mode?:*int32
core.EndpointAddress ip:string hostname?:string nodeName?:*string targetRef?:*core.ObjectReference
core.EndpointPort name?:string port:int32 protocol?:string appProtocol?:*string
core.EndpointSubset addresses?:[]core.EndpointAddress notReadyAddresses?:[]core.EndpointAddress ports?:[]core.EndpointPort
core.Endpoints apiVersion?:string kind?:string metadata?:meta.ObjectMeta subsets?:[]core.EndpointSubset
core.EnvFromSource prefix?:string configMapRef?:*core.ConfigMapEnvSource secretRef?:*core.SecretEnvSource
core.EnvVar name:string value?:string valueFrom?:*core.EnvVarSource
core.EnvVarSource fieldRef?:*core.ObjectFieldSelector resourceFieldRef?:*core.ResourceFieldSelector configMapKeyRef?:*core.ConfigMapKeySelector secretKeyRef?:*core.SecretKeySelector fileKeyRef?:*core.FileKeySelector
core.EphemeralContainer ...core.EphemeralContainerCommon targetContainerName?:string
core.EphemeralContainerCommon name:string image?:string command?:[]string args?:[]string workingDir?:string ports?:[]core.ContainerPort;merge;containerPort envFrom?:[]core.EnvFromSource env?:[]core.EnvVar;merge;name resources?:core.ResourceRequirements resizePolicy?:[]core.ContainerResizePolicy restartPolicy?:*string restartPolicyRules?:[]core.ContainerRestartRule volumeMounts?:[]core.VolumeMount;merge;mountPath volumeDevices?:[]core.VolumeDevice;merge;devicePath livenessProbe?:*core.Probe readinessProbe?:*core.Probe startupProbe?:*core.Probe lifecycle?:*core.Lifecycle terminationMessagePath?:string terminationMessagePolicy?:string imagePullPolicy?:string securityContext?:*core.SecurityContext stdin?:bool stdinOnce?:bool tty?:bool
core.EphemeralVolumeSource volumeClaimTemplate?:*core.PersistentVolumeClaimTemplate
core.Event apiVersion?:string kind?:string metadata:meta.ObjectMeta involvedObject:core.ObjectReference reason?:string message?:string source?:core.EventSource firstTimestamp?:Time lastTimestamp?:Time count?:int32 type?:string eventTime?:MicroTime series?:*core.EventSeries action?:string related?:*core.ObjectReference reportingComponent:string reportingInstance:string
core.EventSeries count?:int32 lastObservedTime?:MicroTime
core.EventSource component?:string host?:string
core.EvictionResponder name:string priority:*int32
core.ExecAction command?:[]string
core.FCVolumeSource targetWWNs?:[]string lun?:*int32 fsType?:string readOnly?:bool wwids?:[]string
core.FileKeySelector volumeName:string path:string key:string optional?:*bool
core.FlexPersistentVolumeSource driver:string fsType?:string secretRef?:*core.SecretReference readOnly?:bool options?:map:string
core.FlexVolumeSource driver:string fsType?:string secretRef?:*core.LocalObjectReference readOnly?:bool options?:map:string
core.FlockerVolumeSource datasetName?:string datasetUUID?:string
core.GCEPersistentDiskVolumeSource pdName:string fsType?:string partition?:int32 readOnly?:bool
core.GRPCAction port:int32 service:*string mode?:*string
core.GitRepoVolumeSource repository:string revision?:string directory?:string
core.GlusterfsPersistentVolumeSource endpoints:string path:string readOnly?:bool endpointsNamespace?:*string
core.GlusterfsVolumeSource endpoints:string path:string readOnly?:bool
core.HTTPGetAction path?:string port:IntOrString host?:string scheme?:string httpHeaders?:[]core.HTTPHeader protocol?:*string
core.HTTPHeader name:string value:string
core.HostAlias ip:string hostnames?:[]string
core.HostIP ip:string
core.HostPathVolumeSource path:string type?:*string
core.ISCSIPersistentVolumeSource targetPortal:string iqn:string lun:int32 iscsiInterface?:string fsType?:string readOnly?:bool portals?:[]string chapAuthDiscovery?:bool chapAuthSession?:bool secretRef?:*core.SecretReference initiatorName?:*string
core.ISCSIVolumeSource targetPortal:string iqn:string lun:int32 iscsiInterface?:string fsType?:string readOnly?:bool portals?:[]string chapAuthDiscovery?:bool chapAuthSession?:bool secretRef?:*core.LocalObjectReference initiatorName?:*string
core.ImageVolumeSource reference?:string pullPolicy?:string
core.ImageVolumeStatus imageRef?:string
core.KeyToPath key:string path:string mode?:*int32 user?:*int64
core.Lifecycle postStart?:*core.LifecycleHandler preStop?:*core.LifecycleHandler stopSignal?:*string
core.LifecycleHandler exec?:*core.ExecAction httpGet?:*core.HTTPGetAction tcpSocket?:*core.TCPSocketAction sleep?:*core.SleepAction
core.LimitRange apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:core.LimitRangeSpec
core.LimitRangeItem type:string max?:map:Quantity min?:map:Quantity default?:map:Quantity defaultRequest?:map:Quantity maxLimitRequestRatio?:map:Quantity
core.LimitRangeSpec limits:[]core.LimitRangeItem
core.LinuxContainerUser uid:int64 gid:int64 supplementalGroups?:[]int64
core.LoadBalancerIngress ip?:string hostname?:string ipMode?:*string ports?:[]core.PortStatus
core.LoadBalancerStatus ingress?:[]core.LoadBalancerIngress
core.LocalObjectReference name?:string
core.LocalVolumeSource path:string fsType?:*string
core.ModifyVolumeStatus targetVolumeAttributesClassName?:string status:string
core.NFSVolumeSource server:string path:string readOnly?:bool
core.Namespace apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:core.NamespaceSpec status?:core.NamespaceStatus
core.NamespaceCondition type:string status:string lastTransitionTime?:Time reason?:string message?:string
core.NamespaceSpec finalizers?:[]string
core.NamespaceStatus phase?:string conditions?:[]core.NamespaceCondition;merge;type
core.Node apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:core.NodeSpec status?:core.NodeStatus
core.NodeAddress type:string address:string
core.NodeAffinity requiredDuringSchedulingIgnoredDuringExecution?:*core.NodeSelector preferredDuringSchedulingIgnoredDuringExecution?:[]core.PreferredSchedulingTerm
core.NodeAllocatableMappedResources name:string quantity:*Quantity
core.NodeAllocatableOverheadResources name:string perPod?:*Quantity perContainer?:*Quantity
core.NodeAllocatableResourceClaimStatus resourceClaimName:string containers?:[]string mapping?:[]core.NodeAllocatableMappedResources;merge;name overhead?:[]core.NodeAllocatableOverheadResources;merge;name
core.NodeCondition type:string status:string lastHeartbeatTime?:Time lastTransitionTime?:Time reason?:string message?:string
core.NodeConfigSource configMap?:*core.ConfigMapNodeConfigSource
core.NodeConfigStatus assigned?:*core.NodeConfigSource active?:*core.NodeConfigSource lastKnownGood?:*core.NodeConfigSource error?:string
core.NodeDaemonEndpoints kubeletEndpoint?:core.DaemonEndpoint
core.NodeFeatures supplementalGroupsPolicy?:*bool
core.NodePodPreemptionPolicy disableResizePreemption?:[]string
core.NodeRuntimeHandler name:string features?:*core.NodeRuntimeHandlerFeatures
core.NodeRuntimeHandlerFeatures recursiveReadOnlyMounts?:*bool userNamespaces?:*bool
core.NodeSelector nodeSelectorTerms:[]core.NodeSelectorTerm
core.NodeSelectorRequirement key:string operator:string values?:[]string
core.NodeSelectorTerm matchExpressions?:[]core.NodeSelectorRequirement matchFields?:[]core.NodeSelectorRequirement
core.NodeSpec podCIDR?:string podCIDRs?:[]string;merge providerID?:string unschedulable?:bool taints?:[]core.Taint configSource?:*core.NodeConfigSource externalID?:string podPreemptionPolicy?:*core.NodePodPreemptionPolicy
core.NodeStatus capacity?:map:Quantity allocatable?:map:Quantity phase?:string conditions?:[]core.NodeCondition;merge;type addresses?:[]core.NodeAddress;merge;type daemonEndpoints?:core.NodeDaemonEndpoints nodeInfo?:core.NodeSystemInfo images?:[]core.ContainerImage volumesInUse?:[]string volumesAttached?:[]core.AttachedVolume config?:*core.NodeConfigStatus runtimeHandlers?:[]core.NodeRuntimeHandler features?:*core.NodeFeatures declaredFeatures?:[]string
core.NodeSwapStatus capacity?:*int64
core.NodeSystemInfo machineID:string systemUUID:string bootID:string kernelVersion:string osImage:string containerRuntimeVersion:string kubeletVersion:string kubeProxyVersion:string operatingSystem:string architecture:string swap?:*core.NodeSwapStatus runningInUserNamespace?:*bool
core.ObjectFieldSelector apiVersion?:string fieldPath:string
core.ObjectReference kind?:string namespace?:string name?:string uid?:string apiVersion?:string resourceVersion?:string fieldPath?:string
core.PersistentVolume apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:core.PersistentVolumeSpec status?:core.PersistentVolumeStatus
core.PersistentVolumeClaim apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:core.PersistentVolumeClaimSpec status?:core.PersistentVolumeClaimStatus
core.PersistentVolumeClaimCondition type:string status:string lastProbeTime?:Time lastTransitionTime?:Time reason?:string message?:string
core.PersistentVolumeClaimSpec accessModes?:[]string selector?:*meta.LabelSelector resources?:core.VolumeResourceRequirements volumeName?:string storageClassName?:*string volumeMode?:*string dataSource?:*core.TypedLocalObjectReference dataSourceRef?:*core.TypedObjectReference volumeAttributesClassName?:*string
core.PersistentVolumeClaimStatus phase?:string accessModes?:[]string capacity?:map:Quantity conditions?:[]core.PersistentVolumeClaimCondition;merge;type allocatedResources?:map:Quantity allocatedResourceStatuses?:map:string currentVolumeAttributesClassName?:*string modifyVolumeStatus?:*core.ModifyVolumeStatus healthStatus?:*core.VolumeHealthStatus
core.PersistentVolumeClaimTemplate metadata?:meta.ObjectMeta spec:core.PersistentVolumeClaimSpec
core.PersistentVolumeClaimVolumeSource claimName:string readOnly?:bool
core.PersistentVolumeSource gcePersistentDisk?:*core.GCEPersistentDiskVolumeSource awsElasticBlockStore?:*core.AWSElasticBlockStoreVolumeSource hostPath?:*core.HostPathVolumeSource glusterfs?:*core.GlusterfsPersistentVolumeSource nfs?:*core.NFSVolumeSource rbd?:*core.RBDPersistentVolumeSource iscsi?:*core.ISCSIPersistentVolumeSource cinder?:*core.CinderPersistentVolumeSource cephfs?:*core.CephFSPersistentVolumeSource fc?:*core.FCVolumeSource flocker?:*core.FlockerVolumeSource flexVolume?:*core.FlexPersistentVolumeSource azureFile?:*core.AzureFilePersistentVolumeSource vsphereVolume?:*core.VsphereVirtualDiskVolumeSource quobyte?:*core.QuobyteVolumeSource azureDisk?:*core.AzureDiskVolumeSource photonPersistentDisk?:*core.PhotonPersistentDiskVolumeSource portworxVolume?:*core.PortworxVolumeSource scaleIO?:*core.ScaleIOPersistentVolumeSource local?:*core.LocalVolumeSource storageos?:*core.StorageOSPersistentVolumeSource csi?:*core.CSIPersistentVolumeSource
core.PersistentVolumeSpec capacity?:map:Quantity ...core.PersistentVolumeSource accessModes?:[]string claimRef?:*core.ObjectReference persistentVolumeReclaimPolicy?:string storageClassName?:string mountOptions?:[]string volumeMode?:*string nodeAffinity?:*core.VolumeNodeAffinity volumeAttributesClassName?:*string
core.PersistentVolumeStatus phase?:string message?:string reason?:string lastPhaseTransitionTime?:*Time
core.PhotonPersistentDiskVolumeSource pdID:string fsType?:string
core.Pod apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:core.PodSpec status?:core.PodStatus
core.PodAffinity requiredDuringSchedulingIgnoredDuringExecution?:[]core.PodAffinityTerm preferredDuringSchedulingIgnoredDuringExecution?:[]core.WeightedPodAffinityTerm
core.PodAffinityTerm labelSelector?:*meta.LabelSelector namespaces?:[]string topologyKey:string namespaceSelector?:*meta.LabelSelector matchLabelKeys?:[]string mismatchLabelKeys?:[]string
core.PodAntiAffinity requiredDuringSchedulingIgnoredDuringExecution?:[]core.PodAffinityTerm preferredDuringSchedulingIgnoredDuringExecution?:[]core.WeightedPodAffinityTerm
core.PodCertificateProjection signerName?:string keyType?:string maxExpirationSeconds?:*int32 credentialBundlePath?:string keyPath?:string certificateChainPath?:string userAnnotations?:map:string user?:*int64
core.PodCondition type:string observedGeneration?:int64 status:string lastProbeTime?:Time lastTransitionTime?:Time reason?:string message?:string
core.PodDNSConfig nameservers?:[]string searches?:[]string options?:[]core.PodDNSConfigOption
core.PodDNSConfigOption name?:string value?:*string
core.PodExtendedResourceClaimStatus requestMappings:[]core.ContainerExtendedResourceRequest resourceClaimName:string
core.PodIP ip:string
core.PodOS name:string
core.PodReadinessGate conditionType:string
core.PodResourceClaim name:string resourceClaimName?:*string resourceClaimTemplateName?:*string
core.PodResourceClaimStatus name:string resourceClaimName?:*string
core.PodSchedulingGate name:string
core.PodSchedulingGroup podGroupName?:*string
core.PodSecurityContext seLinuxOptions?:*core.SELinuxOptions windowsOptions?:*core.WindowsSecurityContextOptions runAsUser?:*int64 runAsGroup?:*int64 runAsNonRoot?:*bool supplementalGroups?:[]int64 supplementalGroupsPolicy?:*string fsGroup?:*int64 sysctls?:[]core.Sysctl fsGroupChangePolicy?:*string seccompProfile?:*core.SeccompProfile appArmorProfile?:*core.AppArmorProfile seLinuxChangePolicy?:*string
core.PodSignature podController?:*meta.OwnerReference
core.PodSpec volumes?:[]core.Volume;merge,retainKeys;name initContainers?:[]core.Container;merge;name containers:[]core.Container;merge;name ephemeralContainers?:[]core.EphemeralContainer;merge;name restartPolicy?:string terminationGracePeriodSeconds?:*int64 activeDeadlineSeconds?:*int64 dnsPolicy?:string nodeSelector?:map:string serviceAccountName?:string serviceAccount?:string automountServiceAccountToken?:*bool nodeName?:string hostNetwork?:bool hostPID?:bool hostIPC?:bool shareProcessNamespace?:*bool securityContext?:*core.PodSecurityContext imagePullSecrets?:[]core.LocalObjectReference;merge;name hostname?:string subdomain?:string affinity?:*core.Affinity schedulerName?:string tolerations?:[]core.Toleration hostAliases?:[]core.HostAlias;merge;ip priorityClassName?:string priority?:*int32 dnsConfig?:*core.PodDNSConfig readinessGates?:[]core.PodReadinessGate runtimeClassName?:*string enableServiceLinks?:*bool preemptionPolicy?:*string overhead?:map:Quantity topologySpreadConstraints?:[]core.TopologySpreadConstraint;merge;topologyKey setHostnameAsFQDN?:*bool os?:*core.PodOS hostUsers?:*bool schedulingGates?:[]core.PodSchedulingGate;merge;name resourceClaims?:[]core.PodResourceClaim;merge,retainKeys;name resources?:*core.ResourceRequirements hostnameOverride?:*string schedulingGroup?:*core.PodSchedulingGroup evictionResponders?:[]core.EvictionResponder;merge;name
core.PodStatus observedGeneration?:int64 phase?:string conditions?:[]core.PodCondition;merge;type message?:string reason?:string nominatedNodeName?:string hostIP?:string hostIPs?:[]core.HostIP;merge;ip podIP?:string podIPs?:[]core.PodIP;merge;ip startTime?:*Time initContainerStatuses?:[]core.ContainerStatus containerStatuses?:[]core.ContainerStatus qosClass?:string ephemeralContainerStatuses?:[]core.ContainerStatus resize?:string resourceClaimStatuses?:[]core.PodResourceClaimStatus;merge,retainKeys;name extendedResourceClaimStatus?:*core.PodExtendedResourceClaimStatus allocatedResources?:map:Quantity resources?:*core.ResourceRequirements nodeAllocatableResourceClaimStatuses?:[]core.NodeAllocatableResourceClaimStatus;merge;resourceClaimName volumeHealth?:[]core.PodVolumeHealth
core.PodTemplate apiVersion?:string kind?:string metadata?:meta.ObjectMeta template?:core.PodTemplateSpec
core.PodTemplateSpec metadata?:meta.ObjectMeta spec?:core.PodSpec
core.PodVolumeHealth name:string healthConditions?:[]core.VolumeHealthCondition;merge;status lastTransitionTime?:Time
core.PortStatus port:int32 protocol:string error?:*string
core.PortworxVolumeSource volumeID:string fsType?:string readOnly?:bool
core.Preconditions uid?:*string
core.PreferAvoidPodsEntry podSignature:core.PodSignature evictionTime?:Time reason?:string message?:string
core.PreferredSchedulingTerm weight:int32 preference:core.NodeSelectorTerm
core.Probe ...core.ProbeHandler initialDelaySeconds?:int32 timeoutSeconds?:int32 periodSeconds?:int32 successThreshold?:int32 failureThreshold?:int32 terminationGracePeriodSeconds?:*int64
core.ProbeHandler exec?:*core.ExecAction httpGet?:*core.HTTPGetAction tcpSocket?:*core.TCPSocketAction grpc?:*core.GRPCAction
core.ProjectedVolumeSource sources:[]core.VolumeProjection defaultMode?:*int32 defaultUser?:*int64
core.QuobyteVolumeSource registry:string volume:string readOnly?:bool user?:string group?:string tenant?:string
core.RBDPersistentVolumeSource monitors:[]string image:string fsType?:string pool?:string user?:string keyring?:string secretRef?:*core.SecretReference readOnly?:bool
core.RBDVolumeSource monitors:[]string image:string fsType?:string pool?:string user?:string keyring?:string secretRef?:*core.LocalObjectReference readOnly?:bool
core.RangeAllocation apiVersion?:string kind?:string metadata?:meta.ObjectMeta range:string data:bytes
core.ReplicationController apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:core.ReplicationControllerSpec status?:core.ReplicationControllerStatus
core.ReplicationControllerCondition type:string status:string lastTransitionTime?:Time reason?:string message?:string
core.ReplicationControllerSpec replicas?:*int32 minReadySeconds?:int32 selector?:map:string template?:*core.PodTemplateSpec
core.ReplicationControllerStatus replicas:int32 fullyLabeledReplicas?:int32 readyReplicas?:int32 availableReplicas?:int32 observedGeneration?:int64 conditions?:[]core.ReplicationControllerCondition;merge;type
core.ResourceClaim name:string request?:string
core.ResourceFieldSelector containerName?:string resource:string divisor?:Quantity
core.ResourceHealth resourceID:string health?:string message?:*string
core.ResourceQuota apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:core.ResourceQuotaSpec status?:core.ResourceQuotaStatus
core.ResourceQuotaSpec hard?:map:Quantity scopes?:[]string scopeSelector?:*core.ScopeSelector
core.ResourceQuotaStatus hard?:map:Quantity used?:map:Quantity
core.ResourceRequirements limits?:map:Quantity requests?:map:Quantity claims?:[]core.ResourceClaim
core.ResourceStatus name:string resources?:[]core.ResourceHealth
core.SELinuxOptions user?:string role?:string type?:string level?:string
core.ScaleIOPersistentVolumeSource gateway:string system:string secretRef:*core.SecretReference sslEnabled?:bool protectionDomain?:string storagePool?:string storageMode?:string volumeName?:string fsType?:string readOnly?:bool
core.ScaleIOVolumeSource gateway:string system:string secretRef:*core.LocalObjectReference sslEnabled?:bool protectionDomain?:string storagePool?:string storageMode?:string volumeName?:string fsType?:string readOnly?:bool
core.ScopeSelector matchExpressions?:[]core.ScopedResourceSelectorRequirement
core.ScopedResourceSelectorRequirement scopeName:string operator:string values?:[]string
core.SeccompProfile type:string localhostProfile?:*string
core.Secret apiVersion?:string kind?:string metadata?:meta.ObjectMeta immutable?:*bool data?:map:bytes stringData?:map:string type?:string
core.SecretEnvSource ...core.LocalObjectReference optional?:*bool
core.SecretKeySelector ...core.LocalObjectReference key:string optional?:*bool
core.SecretProjection ...core.LocalObjectReference items?:[]core.KeyToPath optional?:*bool
core.SecretReference name?:string namespace?:string
core.SecretVolumeSource secretName?:string items?:[]core.KeyToPath defaultMode?:*int32 optional?:*bool defaultUser?:*int64
core.SecurityContext capabilities?:*core.Capabilities privileged?:*bool seLinuxOptions?:*core.SELinuxOptions windowsOptions?:*core.WindowsSecurityContextOptions runAsUser?:*int64 runAsGroup?:*int64 runAsNonRoot?:*bool readOnlyRootFilesystem?:*bool allowPrivilegeEscalation?:*bool procMount?:*string seccompProfile?:*core.SeccompProfile appArmorProfile?:*core.AppArmorProfile
core.SerializedReference apiVersion?:string kind?:string reference?:core.ObjectReference
core.Service apiVersion?:string kind?:string metadata?:meta.ObjectMeta spec?:core.ServiceSpec status?:core.ServiceStatus
core.ServiceAccount apiVersion?:string kind?:string metadata?:meta.ObjectMeta secrets?:[]core.ObjectReference;merge;name imagePullSecrets?:[]core.LocalObjectReference automountServiceAccountToken?:*bool
core.ServiceAccountTokenProjection audience?:string expirationSeconds?:*int64 path:string user?:*int64
core.ServicePort name?:string protocol?:string appProtocol?:*string port:int32 targetPort?:IntOrString nodePort?:int32
core.ServiceSpec ports?:[]core.ServicePort;merge;port selector?:map:string clusterIP?:string clusterIPs?:[]string type?:string externalIPs?:[]string sessionAffinity?:string loadBalancerIP?:string loadBalancerSourceRanges?:[]string externalName?:string externalTrafficPolicy?:string healthCheckNodePort?:int32 publishNotReadyAddresses?:bool sessionAffinityConfig?:*core.SessionAffinityConfig ipFamilies?:[]string ipFamilyPolicy?:*string allocateLoadBalancerNodePorts?:*bool loadBalancerClass?:*string internalTrafficPolicy?:*string trafficDistribution?:*string
core.ServiceStatus loadBalancer?:core.LoadBalancerStatus conditions?:[]meta.Condition;merge;type
core.SessionAffinityConfig clientIP?:*core.ClientIPConfig
core.SleepAction seconds:int64
core.StorageOSPersistentVolumeSource volumeName?:string volumeNamespace?:string fsType?:string readOnly?:bool secretRef?:*core.ObjectReference
core.StorageOSVolumeSource volumeName?:string volumeNamespace?:string fsType?:string readOnly?:bool secretRef?:*core.LocalObjectReference
core.Sysctl name:string value:string
core.TCPSocketAction port:IntOrString host?:string
core.Taint key:string value?:string effect:string timeAdded?:*Time
core.Toleration key?:string operator?:string value?:string effect?:string tolerationSeconds?:*int64
core.TopologySelectorLabelRequirement key:string values:[]string
core.TopologySelectorTerm matchLabelExpressions?:[]core.TopologySelectorLabelRequirement
core.TopologySpreadConstraint maxSkew:int32 topologyKey:string whenUnsatisfiable:string labelSelector?:*meta.LabelSelector minDomains?:*int32 nodeAffinityPolicy?:*string nodeTaintsPolicy?:*string matchLabelKeys?:[]string
core.TypedLocalObjectReference apiGroup:*string kind:string name:string
core.TypedObjectReference apiGroup:*string kind:string name:string namespace?:*string
core.Volume name:string ...core.VolumeSource
core.VolumeDevice name:string devicePath:string
core.VolumeHealthCondition status:string reason:string message?:string
core.VolumeHealthStatus healthConditions?:[]core.VolumeHealthCondition;merge;status lastTransitionTime?:Time
core.VolumeMount name:string readOnly?:bool recursiveReadOnly?:*string mountPath:string subPath?:string mountPropagation?:*string subPathExpr?:string bindMountOptions?:[]string
core.VolumeMountStatus name:string mountPath:string readOnly?:bool recursiveReadOnly?:*string volumeStatus?:*core.VolumeStatus
core.VolumeNodeAffinity required?:*core.NodeSelector
core.VolumeProjection secret?:*core.SecretProjection downwardAPI?:*core.DownwardAPIProjection configMap?:*core.ConfigMapProjection serviceAccountToken?:*core.ServiceAccountTokenProjection clusterTrustBundle?:*core.ClusterTrustBundleProjection podCertificate?:*core.PodCertificateProjection
core.VolumeResourceRequirements limits?:map:Quantity requests?:map:Quantity
core.VolumeSource hostPath?:*core.HostPathVolumeSource emptyDir?:*core.EmptyDirVolumeSource gcePersistentDisk?:*core.GCEPersistentDiskVolumeSource awsElasticBlockStore?:*core.AWSElasticBlockStoreVolumeSource gitRepo?:*core.GitRepoVolumeSource secret?:*core.SecretVolumeSource nfs?:*core.NFSVolumeSource iscsi?:*core.ISCSIVolumeSource glusterfs?:*core.GlusterfsVolumeSource persistentVolumeClaim?:*core.PersistentVolumeClaimVolumeSource rbd?:*core.RBDVolumeSource flexVolume?:*core.FlexVolumeSource cinder?:*core.CinderVolumeSource cephfs?:*core.CephFSVolumeSource flocker?:*core.FlockerVolumeSource downwardAPI?:*core.DownwardAPIVolumeSource fc?:*core.FCVolumeSource azureFile?:*core.AzureFileVolumeSource configMap?:*core.ConfigMapVolumeSource vsphereVolume?:*core.VsphereVirtualDiskVolumeSource quobyte?:*core.QuobyteVolumeSource azureDisk?:*core.AzureDiskVolumeSource photonPersistentDisk?:*core.PhotonPersistentDiskVolumeSource projected?:*core.ProjectedVolumeSource portworxVolume?:*core.PortworxVolumeSource scaleIO?:*core.ScaleIOVolumeSource storageos?:*core.StorageOSVolumeSource csi?:*core.CSIVolumeSource ephemeral?:*core.EphemeralVolumeSource image?:*core.ImageVolumeSource
core.VolumeStatus image?:*core.ImageVolumeStatus
core.VsphereVirtualDiskVolumeSource volumePath:string fsType?:string storagePolicyName?:string storagePolicyID?:string
core.WeightedPodAffinityTerm weight:int32 podAffinityTerm:core.PodAffinityTerm
core.WindowsSecurityContextOptions gmsaCredentialSpecName?:*string gmsaCredentialSpec?:*string runAsUserName?:*string hostProcess?:*bool
`;
