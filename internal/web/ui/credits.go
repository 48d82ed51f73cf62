package ui

import (
	"context"
	"errors"

	"shingle/internal/body/education"
	flowbody "shingle/internal/flow/body"
	view "shingle/internal/view/body"
)

// CreditTitles returns what the credits of somebody are called: by the course, or as the person called it when they
// claimed it.
func CreditTitles(ctx context.Context, r view.Register, s flowbody.Schooling, claims []view.CreditClaim) (func(education.Entry) string, error) {
	courses, claimed := map[string]string{}, map[int]string{}
	for _, c := range claims {
		claimed[c.Number] = c.Title
	}
	for _, e := range s.Entries {
		if _, known := courses[e.Course]; known || e.Course == "" {
			continue
		}
		c, err := r.Course(ctx, e.Course)
		if err != nil && !errors.Is(err, view.ErrNotFound) {
			return nil, err
		}
		courses[e.Course] = c.Title
	}
	return func(e education.Entry) string {
		if e.Course != "" {
			return courses[e.Course]
		}
		return claimed[e.Claim]
	}, nil
}
