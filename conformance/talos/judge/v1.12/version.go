package main

import (
	"github.com/siderolabs/talos/pkg/machinery/config/generate"
	"github.com/siderolabs/talos/pkg/machinery/config/types/v1alpha1"
)

func kubeSpanOption() generate.Option { return generate.WithNetworkOptions(v1alpha1.WithKubeSpan()) }
