package exhibit

import (
	"bytes"
	"errors"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

func init() { api.DisableConfigDir() } // else the library writes its settings into the home folder of whoever runs it

// PDFs is how a PDF is read and written: without a look at other computers, leniently, in a bounded amount of
// memory, and with every object readable in what is written.
func PDFs() *model.Configuration {
	c := model.NewDefaultConfiguration()
	c.Offline, c.ValidateLinks = true, false
	c.ValidationMode = model.ValidationRelaxed
	c.WriteObjectStream, c.WriteXRefStream = false, false
	c.Optimize, c.OptimizeBeforeWriting, c.OptimizeResourceDicts, c.OptimizeDuplicateContentStreams = false, false, false, false
	c.CreateBookmarks = false
	c.Limits = model.ResourceLimits{
		MaxStreamBytes: MostBytes, MaxDecodeBytes: mostUnpacked, MaxImagePixels: mostPixels, MaxImageBytes: mostRaster, MaxObjectCount: mostObjects,
		MaxObjectStreamCount: mostObjects, MaxObjectStreamFirst: 1 << 20, MaxXRefEntries: mostObjects, MaxRecursionDepth: 100,
	}
	return c
}

// cleanPDF writes a PDF anew from what can be reached on its pages, without what runs, what is attached and what
// tells who wrote it.
func cleanPDF(came []byte) (c cleaned, err error) {
	ctx, err := api.ReadContext(bytes.NewReader(came), PDFs())
	if err == nil {
		err = api.ValidateContext(ctx)
	}
	switch {
	case err != nil && errors.Is(err, pdfcpu.ErrWrongPassword):
		return c, locked
	case err != nil:
		return c, refuse("the PDF is damaged, or of a kind that cannot be read here", "print it into a PDF again, or send a picture of it")
	case ctx.PageCount < 1 || ctx.PageCount > MostPages:
		return c, refuse("the PDF has no pages, or more than 2,000", "send the pages that matter")
	}
	t := tidy{ctx: ctx}
	for _, e := range ctx.Table {
		if e != nil && !e.Free {
			t.object(e.Object)
		}
	}
	t.object(ctx.RootDict)
	ctx.Info, ctx.Names, ctx.CatalogXMPMeta = nil, map[string]*model.Node{}, nil
	ctx.Title, ctx.Author, ctx.Subject, ctx.Creator, ctx.Keywords, ctx.Properties = "", "", "", "", "", nil
	ctx.Conf.Cmd, ctx.Conf.RemoveEncryption, ctx.Encrypt, ctx.E = model.OPTIMIZE, true, nil, nil
	var out bytes.Buffer
	if err := api.WriteContext(ctx, &out); err != nil {
		return c, refuse("the PDF is damaged, or of a kind that cannot be read here", "print it into a PDF again, or send a picture of it")
	}
	c = cleaned{as: PDF, bytes: out.Bytes(), notes: []string{"The PDF was written anew: who wrote it, and what is not seen on its pages, was removed."}}
	if t.ran {
		c.notes = append(c.notes, "It had something that runs when it is opened, or that reaches elsewhere; that was removed.")
	}
	if t.attached {
		c.notes = append(c.notes, "It had other files attached, which were removed. If they matter, send them by themselves.")
	}
	return c, nil
}

// tidy takes out of a PDF's objects what does not belong on paper.
type tidy struct {
	ctx           *model.Context
	ran, attached bool
}

var (
	runs     = []string{"AA", "OpenAction", "JS", "JavaScript", "XFA", "Launch", "URI"}
	attaches = []string{"EmbeddedFiles", "EF", "AF", "RichMediaContent", "Collection"}
	tells    = []string{"Metadata", "PieceInfo", "LastModified", "Perms", "DSS", "Legal"}
	// still are the actions that only move on a page (ISO 32000-2, 12.6.4).
	still = []string{"GoTo", "Named"}
	// moving are the annotations that play, run or carry something (12.5.6).
	moving = []string{"FileAttachment", "RichMedia", "Movie", "Screen", "Sound", "3D"}
)

// object takes from an object, and from all that lies directly in it, what must go.
func (t *tidy) object(o types.Object) {
	switch o := o.(type) {
	case types.Dict:
		t.dict(o)
	case types.StreamDict:
		t.dict(o.Dict)
	case *types.StreamDict:
		t.dict(o.Dict)
	case types.Array:
		for _, within := range o {
			t.object(within)
		}
	}
}

func (t *tidy) dict(d types.Dict) {
	for key := range d {
		switch {
		case slices.Contains(runs, key):
			t.ran = true
			delete(d, key)
		case slices.Contains(attaches, key):
			t.attached = true
			delete(d, key)
		case slices.Contains(tells, key):
			delete(d, key)
		case (key == "A" || key == "PA" || key == "Next") && t.acts(d[key]):
			t.ran = true
			delete(d, key)
		case key == "Annots":
			t.annotations(d, key)
		}
	}
	for _, within := range d {
		t.object(within)
	}
}

// acts reports whether an object is an action, or some, of which one does more than move on a page.
func (t *tidy) acts(o types.Object) bool {
	switch o := t.resolve(o).(type) {
	case types.Array:
		return slices.ContainsFunc(o, t.acts)
	case types.Dict:
		if s := o.NameEntry("S"); s != nil {
			return !slices.Contains(still, *s)
		}
	}
	return false
}

// annotations drops those of a page that are more than words and lines.
func (t *tidy) annotations(d types.Dict, key string) {
	all, ok := t.resolve(d[key]).(types.Array)
	if !ok {
		delete(d, key)
		return
	}
	d[key] = slices.DeleteFunc(slices.Clone(all), func(o types.Object) bool {
		a, ok := t.resolve(o).(types.Dict)
		if !ok {
			return true
		}
		kind := a.NameEntry("Subtype")
		if kind == nil || !slices.Contains(moving, *kind) {
			return false
		}
		t.attached = true
		return true
	})
}

// resolve returns what an object stands for; nil where there is none.
func (t *tidy) resolve(o types.Object) types.Object {
	o, err := t.ctx.Dereference(o)
	if err != nil {
		return nil
	}
	return o
}
