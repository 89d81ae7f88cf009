// One executable that is each part of Kubernetes, by the name of its first argument: one link in place of five.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	"github.com/spf13/cobra"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
)

func main() {
	parts := map[string]func() *cobra.Command{
		"apiserver":   apiserver.NewAPIServerCommand,
		"controllers": controllers.NewControllerManagerCommand,
		"scheduler":   func() *cobra.Command { return scheduler.NewSchedulerCommand() },
		// Not with SetupSignalContext: cli.Run has set that up, and a second one panics.
		"kubelet": func() *cobra.Command { return kubelet.NewKubeletCommand(context.Background()) },
		"proxy":   proxy.NewProxyCommand,
		"kubectl": func() *cobra.Command { return kubectl.NewDefaultKubectlCommand() },
	}
	if len(os.Args) > 1 && os.Args[1] == "dns" {
		// Each other plugin would bring a cloud's client along.
		dnsserver.Directives = []string{"errors", "kubernetes"}
		os.Args = os.Args[1:]
		coremain.Run()
		return
	}
	if len(os.Args) < 2 || parts[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: kube apiserver|controllers|scheduler|kubelet|proxy|kubectl|dns FLAGS")
		os.Exit(2)
	}
	part := parts[os.Args[1]]
	os.Args = os.Args[1:]
	os.Exit(cli.Run(part()))
}
