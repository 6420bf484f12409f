// Package controllers replaces a module that the module proxy does not serve. Cilium uses one constant of it, and 1.18 also a
// controller, which it starts only with clustermesh.enableMCSAPISupport.
package controllers

import "errors"

// DerivedServiceAnnotation is set on a ServiceImport and names the Service that Cilium derives from it.
const DerivedServiceAnnotation = "multicluster.kubernetes.io/derived-service"

// ServiceReconciler has the fields that Cilium sets.
type ServiceReconciler struct{ Client, Log any }

// SetupWithManager fails, so that no build runs without the controller unnoticed.
func (ServiceReconciler) SetupWithManager(any) error {
	return errors.New("the controllers of the MCS API are not part of this build")
}
