// Renders the entries of a corpus with Helm's own packages in this process, and prints what each took. Built only for
// `npm run bench -- helm`. Reads {"corpus", "renders", "repeats"} from stdin, writes one JSON line for each render and one
// at the end for the process.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"helm.sh/helm/v4/pkg/action"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/loader"
	"helm.sh/helm/v4/pkg/cli/values"
	"helm.sh/helm/v4/pkg/getter"
	release "helm.sh/helm/v4/pkg/release/v1"
)

type render struct {
	ID          string   `json:"id"`
	Chart       string   `json:"chart"`
	Release     string   `json:"release"`
	Namespace   string   `json:"namespace"`
	KubeVersion string   `json:"kubeVersion"`
	APIVersions []string `json:"apiVersions"`
	Values      []string `json:"values"`
	Set         []string `json:"set"`
	Flags       []string `json:"flags"`
}

type order struct {
	Corpus  string   `json:"corpus"`
	Renders []render `json:"renders"`
	Repeats int      `json:"repeats"`
}

type timing struct {
	ID string `json:"id"`
	// Milliseconds of the first rendering and the least of the others; Load is the part of the latter that reads the chart.
	First float64 `json:"first"`
	Best  float64 `json:"best"`
	Load  float64 `json:"load"`
	Bytes int     `json:"bytes"`
	Error string  `json:"error,omitempty"`
}

type total struct {
	// Milliseconds over the first rendering of every entry: on the clock, and of processors.
	Wall   float64 `json:"wall"`
	CPU    float64 `json:"cpu"`
	PeakMB float64 `json:"peakMB"`
}

func main() {
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	var work order
	if err := json.NewDecoder(os.Stdin).Decode(&work); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	out := json.NewEncoder(os.Stdout)
	timings := make([]timing, len(work.Renders))
	began, used := time.Now(), cpu()
	for i, entry := range work.Renders {
		timings[i] = once(work.Corpus, entry)
		timings[i].First = timings[i].Best
	}
	sum := total{Wall: milliseconds(time.Since(began)), CPU: cpu() - used, PeakMB: peak()}
	for i, entry := range work.Renders {
		for range work.Repeats {
			// What one rendering leaves behind is not for the next to collect.
			runtime.GC()
			again := once(work.Corpus, entry)
			if again.Best < timings[i].Best {
				timings[i].Best, timings[i].Load = again.Best, again.Load
			}
		}
		_ = out.Encode(timings[i])
	}
	_ = out.Encode(sum)
}

func once(corpus string, entry render) timing {
	began := time.Now()
	text, load, err := template(corpus, entry)
	result := timing{ID: entry.ID, Best: milliseconds(time.Since(began)), Load: load, Bytes: len(text)}
	if err != nil {
		result.Error = err.Error()
	}
	return result
}

// What `helm template` does between its flags and its output (pkg/cmd/template.go and install.go, Helm 4.2.4).
func template(corpus string, entry render) (string, float64, error) {
	client := action.NewInstall(&action.Configuration{})
	client.DryRunStrategy = action.DryRunClient
	client.ReleaseName = entry.Release
	client.Namespace = entry.Namespace
	client.Replace = true
	client.APIVersions = common.VersionSet(entry.APIVersions)
	client.IncludeCRDs = slices.Contains(entry.Flags, "--include-crds")
	client.DisableHooks = slices.Contains(entry.Flags, "--no-hooks")
	client.IsUpgrade = slices.Contains(entry.Flags, "--is-upgrade")
	client.SkipSchemaValidation = slices.Contains(entry.Flags, "--skip-schema-validation")
	skipTests := slices.Contains(entry.Flags, "--skip-tests")
	if entry.KubeVersion != "" {
		version, err := common.ParseKubeVersion(entry.KubeVersion)
		if err != nil {
			return "", 0, err
		}
		client.KubeVersion = version
	}
	options := &values.Options{Values: entry.Set}
	for _, path := range entry.Values {
		options.ValueFiles = append(options.ValueFiles, filepath.Join(corpus, path))
	}
	merged, err := options.MergeValues(getter.Providers{})
	if err != nil {
		return "", 0, err
	}
	began := time.Now()
	chart, err := loader.Load(filepath.Join(corpus, entry.Chart))
	load := milliseconds(time.Since(began))
	if err != nil {
		return "", load, err
	}
	result, err := client.RunWithContext(context.Background(), chart, merged)
	if result == nil {
		return "", load, err
	}
	rendered, isV1 := result.(*release.Release)
	if !isV1 {
		return "", load, fmt.Errorf("unexpected %T", result)
	}
	var text strings.Builder
	fmt.Fprintln(&text, strings.TrimSpace(rendered.Manifest))
	for _, hook := range rendered.Hooks {
		if skipTests && slices.Contains(hook.Events, release.HookTest) {
			continue
		}
		fmt.Fprintf(&text, "---\n# Source: %s\n%s\n", hook.Path, hook.Manifest)
	}
	return text.String(), load, err
}

func milliseconds(duration time.Duration) float64 { return float64(duration.Microseconds()) / 1000 }

func usage() syscall.Rusage {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return usage
}

func cpu() float64 {
	used := usage()
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1e6
}

func peak() float64 { return float64(usage().Maxrss) / 1024 }
