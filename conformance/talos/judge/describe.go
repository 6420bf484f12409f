package main

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	kyaml "k8s.io/apimachinery/pkg/util/yaml"

	"github.com/siderolabs/talos/pkg/machinery/config"
)

// describe reads the loaded config through the accessors that the node's controllers use.
func (n *node) describe(cfg config.Provider) error {
	n.CNI = cniOf(cfg)

	if proxy := firstOf(cfg, []string{"K8sProxyConfig"}, []string{"Cluster", "Proxy"}); proxy != nil {
		if p, ok := proxy.(interface{ Enabled() bool }); ok {
			n.KubeProxy = p.Enabled()
		}
	}

	if span := firstOf(cfg, []string{"NetworkKubeSpanConfig"}, []string{"Machine", "Network", "KubeSpan"}); span != nil {
		if s, ok := span.(interface{ Enabled() bool }); ok {
			n.KubeSpan = s.Enabled()
		}
	}

	n.Facts = factsOf(cfg)

	list := firstOf(cfg, []string{"K8sInlineManifestConfigs"}, []string{"Cluster", "InlineManifests"})
	if list == nil {
		return nil
	}

	items := reflect.ValueOf(list)
	for i := range items.Len() {
		item, ok := items.Index(i).Interface().(interface {
			Name() string
			Contents() string
		})
		if !ok {
			return errors.New("judge: this machinery has no known inline manifests")
		}

		m := manifest{Name: item.Name(), Objects: []string{}}

		objects, err := objectsOf(item.Contents())
		if err != nil {
			n.Errors = append(n.Errors, fmt.Sprintf("manifest %s: %s", item.Name(), err))
		}

		for _, object := range objects {
			m.Objects = append(m.Objects, fmt.Sprintf("%s %s %s/%s", object.GetAPIVersion(), object.GetKind(), object.GetNamespace(), object.GetName()))
		}

		n.Manifests = append(n.Manifests, m)
	}

	return nil
}

func cniOf(cfg config.Provider) string {
	if raw := cfg.RawV1Alpha1(); raw != nil && raw.ClusterConfig != nil && raw.ClusterConfig.ClusterNetwork != nil && raw.ClusterConfig.ClusterNetwork.CNI != nil {
		return raw.ClusterConfig.ClusterNetwork.CNI.CNIName
	}

	for _, doc := range cfg.Documents() {
		if doc.Kind() == "KubeFlannelCNIConfig" {
			return "flannel"
		}
	}

	// No document means none where documents are known, and the default where they are not.
	if reflect.ValueOf(cfg).MethodByName("K8sFlannelCNIConfig").IsValid() && cfg.RawV1Alpha1().ClusterConfig.ClusterNetwork == nil {
		return "none"
	}

	return "flannel"
}

var mark = regexp.MustCompile(`(?m)^---.*$`)

// objectsOf reads a manifest's objects as a node does: cut at lines that begin with ---, empty documents skipped.
func objectsOf(text string) (objects []*unstructured.Unstructured, err error) {
	for i, part := range mark.Split(text, -1) {
		var fields map[string]any

		if err = kyaml.Unmarshal([]byte(part), &fields); err != nil {
			return nil, fmt.Errorf("document %d: %w", i, err)
		}

		if len(fields) == 0 {
			continue
		}

		object := &unstructured.Unstructured{Object: fields}
		if object.GetKind() == "" || object.GetAPIVersion() == "" {
			return nil, fmt.Errorf("document %d has no kind or apiVersion", i)
		}

		objects = append(objects, object)
	}

	if len(objects) == 0 {
		return nil, errors.New("it has no objects")
	}

	return objects, nil
}

// firstOf calls the first chain of methods that exists; nil when its result is nil or no chain exists.
func firstOf(v any, chains ...[]string) any {
	for _, chain := range chains {
		if result, ok := call(v, chain); ok {
			return result
		}
	}

	return nil
}

func call(v any, chain []string) (any, bool) {
	for _, name := range chain {
		if v == nil {
			return nil, true
		}

		method := reflect.ValueOf(v).MethodByName(name)
		if !method.IsValid() || method.Type().NumIn() != 0 || method.Type().NumOut() != 1 {
			return nil, false
		}

		out := method.Call(nil)[0]
		if out.Kind() == reflect.Interface {
			out = out.Elem()
		}

		if !out.IsValid() || ((out.Kind() == reflect.Pointer || out.Kind() == reflect.Slice) && out.IsNil()) {
			return nil, true
		}

		v = out.Interface()
	}

	return v, true
}
