package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	view "shingle/internal/view/body"
)

type (
	codesOutput struct{ Body codesPage }
	codesPage   struct {
		Versions []versionItem `json:"versions" doc:"The newest to take effect first."`
		InForce  *string       `json:"in_force" nullable:"true" doc:"The version in force now; null before the first."`
	}
	versionItem struct {
		Version         string    `json:"version"`
		Title           string    `json:"title"`
		SHA256          string    `json:"sha256" doc:"Of the text: what members sign."`
		Effective       time.Time `json:"effective"`
		TransitionUntil time.Time `json:"transition_until" doc:"Until when members have time to subscribe to it."`
		Adopted         time.Time `json:"adopted"`
		Position        int64     `json:"position" doc:"In the record."`
	}
	versionInput struct {
		Version string `path:"version" doc:"The version's label, e.g. 2026.1."`
	}
	versionOutput struct{ Body versionText }
	versionText   struct {
		versionItem
		InForce bool   `json:"in_force"`
		Text    string `json:"text" doc:"Markdown with its front matter: exactly the bytes that the hash is of."`
	}
)

func (a *API) describeCode(h huma.API) {
	register(a, h, operation("list-code", "/code", "The code of ethics", "All adopted texts of the code, without their words."), a.codes)
	register(a, h, operation("get-code", "/code/{version}", "One text of the code", "The canonical text: its SHA-256 is what members sign."), a.codeText)
}

func (a *API) codes(ctx context.Context, _ *struct{}) (*codesOutput, error) {
	all, err := a.Register.Versions(ctx)
	if err != nil {
		return nil, err
	}
	page := codesPage{Versions: []versionItem{}}
	for _, v := range all {
		page.Versions = append(page.Versions, versionOf(v))
	}
	page.InForce, err = a.inForce(ctx)
	return &codesOutput{page}, err
}

func (a *API) inForce(ctx context.Context) (*string, error) {
	v, err := a.Register.VersionInForce(ctx, a.now())
	if errors.Is(err, view.ErrNotFound) {
		return nil, nil
	}
	return &v.Version, err
}

func (a *API) codeText(ctx context.Context, in *versionInput) (*versionOutput, error) {
	v, err := a.Register.Version(ctx, in.Version)
	if err != nil {
		return nil, notFoundAs(err, newProblem("not-found", http.StatusNotFound, "There is no such version", "The code has no version of this label.", "See the list of versions."))
	}
	current, err := a.inForce(ctx)
	if err != nil {
		return nil, err
	}
	return &versionOutput{versionText{versionOf(v), current != nil && *current == v.Version, v.Text}}, nil
}

func versionOf(v view.CodeVersion) versionItem {
	return versionItem{v.Version, v.Title, v.SHA256, v.Effective, v.TransitionUntil, v.Adopted, v.Position}
}
