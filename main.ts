// The example cluster that `npm run synth` writes: Cilium 1.18.4 on Talos 1.11, native routing over KubeSpan.
import './examples/kubespan-native-routing/main';
