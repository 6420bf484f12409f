package main

import "github.com/siderolabs/talos/pkg/machinery/config/generate"

func kubeSpanOption() generate.Option { return generate.WithKubeSpanEnabled(true) }
