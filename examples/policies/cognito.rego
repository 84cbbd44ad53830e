# What no plan of a user pool may do, for conftest and OPA:
#
#   poolctl plan --planned-values --out json=plan.json pools
#   conftest test --policy examples/policies plan.json
#   opa eval --fail-defined --format pretty --data examples/policies --input plan.json 'data.main.deny[_]'
#
# `planned_values` is the pool as it will be. It has every setting of the pool, and the app clients and other entries
# that the manifest has. `changes` has only what changes.
package main

import rego.v1

# Without the values, no other rule could find anything.
deny contains message if {
	some pool in input.pools
	not pool.planned_values
	message := concat("", [pool.file, ": the plan has no values: use --planned-values, and correct what the plan reports"])
}

deny contains message if {
	some diagnostic in input.diagnostics
	diagnostic.severity == "error"
	message := diagnostic.text
}

deny contains message if {
	some pool in input.pools
	pool.planned_values
	object.get(pool.planned_values, "DeletionProtection", "INACTIVE") != "ACTIVE"
	message := concat("", [pool.file, ": DeletionProtection is not ACTIVE"])
}

deny contains message if {
	some pool in input.pools
	some label, client in pool.planned_values.clients
	"implicit" in client.AllowedOAuthFlows
	message := concat("", [pool.file, ": the app client ", label, " allows the implicit flow"])
}

# A policy about the change itself: a trigger goes.
deny contains message if {
	some pool in input.pools
	some change in pool.changes
	change.path[0] == "LambdaConfig"
	change.action == "remove"
	message := concat("", [pool.file, ": the trigger ", change.path_text, " is removed"])
}
