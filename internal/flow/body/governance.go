package flowbody

import (
	"shingle/internal/act"
	"shingle/internal/body/governance"
)

func bodyOf(w act.World) governance.Body { return act.StateOf[governance.Body](w, "body") }

func codeOf(w act.World) governance.Code { return act.StateOf[governance.Code](w, "code") }

func bodyFacts(w act.World, _ string, _ any, _ act.Meta) governance.BodyFacts {
	return governance.BodyFacts{Body: bodyOf(w)}
}
